from renderer.drawing.agg.lru import Lru


def test_the_value_used_longest_ago_is_forgotten() -> None:
    lru = Lru[str](3, len)
    for key in "abc":
        lru.put(key, key)
    assert lru.get("a") == "a"
    lru.put("d", "d")
    assert [lru.get(key) for key in "abcd"] == ["a", None, "c", "d"]
    assert (len(lru), lru.weight) == (3, 3)


def test_a_value_that_is_replaced_weighs_once() -> None:
    lru = Lru[str](10, len)
    lru.put("key", "four")
    lru.put("key", "sixsix")
    assert (lru.get("key"), lru.weight, len(lru)) == ("sixsix", 6, 1)


def test_a_value_that_is_too_heavy_is_given_back_and_not_kept() -> None:
    lru = Lru[str](3, len)
    lru.put("small", "one")
    assert lru.put("large", "three") == "three"
    assert lru.get("large") is None
    assert lru.get("small") == "one"
