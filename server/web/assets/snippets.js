// The picture's address as texts to copy.

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function html({ url, type, name }) {
  const address = escaped(url);
  if (type.startsWith("video/")) return `<video src="${address}" autoplay loop muted playsinline controls></video>`;
  if (type.startsWith("text/html")) return `<iframe src="${address}" title="${name}" width="680" height="640"></iframe>`;
  return `<img src="${address}" alt="${name}">`;
}

function python({ url, file, closed }) {
  const asked = closed
    ? `request = Request(${JSON.stringify(url)}, headers={"Authorization": "Bearer …"})\ndata = urlopen(request).read()`
    : `data = urlopen(${JSON.stringify(url)}).read()`;
  const imported = closed ? "Request, urlopen" : "urlopen";
  return `from pathlib import Path\nfrom urllib.request import ${imported}\n\n${asked}\nPath("${file}").write_bytes(data)`;
}

export const snippets = {
  curl: ({ url, file, closed }) => `curl -o ${file}${closed ? " -H 'Authorization: Bearer …'" : ""} ${quoted(url)}`,
  html,
  markdown: ({ url, type, name }) => (type.startsWith("image/") ? `![${name}](${url})` : `[${name}](${url})`),
  python,
  json: ({ body }) => body,
};

// Copies a text, and says whether that worked.
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    const range = document.createRange();
    if (field.select) field.select();
    else {
      range.selectNodeContents(field);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    return "The text is selected; copy it with your keyboard.";
  }
}
