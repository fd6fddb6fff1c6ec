"""Texts of every kind for properties: any code point at all, and letters that readers and matchers trip over."""

from hypothesis import strategies as st

TRICKY = (
    "AbcÉßİıſΣςΑΩ'\"“”‘’「」『』《》（）()【】[]*_。，！？…!?.,;:—–- \t\r\n\v\f\u3000\u00a0"
    "ＡＢ１！﹁﹂︰㎏㍿ﬁﬀ①Ⅳ½龍龙餐\uf900\U0002a700한\u1112\u1161\u11abがガｶﾞ\u3099"
    "e\u0301\u0345\u200b\u200d\u200e\u202e\u2066\ufeff\ufe0f\u00ad😀👩‍🚀🇨🇳\U000e0101\x00\x1b\x85\u2028\ud83d\udc00"
)

texts = st.text(alphabet=st.characters(exclude_categories=()) | st.sampled_from(TRICKY), max_size=60)
"""Any text, half surrogate pairs included."""

clean_texts = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("龙龍e\u0301\u200bﬁß。“”"), max_size=60)
"""Any text that UTF-8 can spell."""
