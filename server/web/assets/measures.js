// Numbers about a picture, in words.

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

export const seconds = (number) => `${number.toFixed(2)} s`;

const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

const MANY = 1000;

// The frames and the length of a picture, counted by the browser where it can.
export async function framesOf(blob, signal) {
  if (!("ImageDecoder" in window) || !blob.type.startsWith("image/")) return {};
  const type = blob.type.replace("apng", "png");
  if (!(await ImageDecoder.isTypeSupported(type))) return {};
  const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type });
  try {
    await Promise.all([decoder.tracks.ready, decoder.completed]);
    const frames = decoder.tracks.selectedTrack.frameCount;
    let microseconds = 0;
    for (let frameIndex = 0; frames > 1 && frames <= MANY && frameIndex < frames; frameIndex++) {
      if (signal.aborted) return {};
      const { image } = await decoder.decode({ frameIndex });
      microseconds += image.duration ?? 0;
      image.close();
    }
    return { frames, length: microseconds / 1e6 };
  } catch {
    return {};
  } finally {
    decoder.close();
  }
}

export function described({ width, height, frames, length }) {
  return [
    width && `${width} × ${height} pixels`,
    frames && counted(frames, "frame"),
    length && Number.isFinite(length) && `plays ${length.toFixed(1)} s`,
  ].filter(Boolean);
}
