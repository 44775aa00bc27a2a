use super::{Entity, EntityKind, parse};

#[test]
fn tags_become_entities_in_utf16_units() {
    let (text, entities) = parse("🆕 <b>Замер &lt;1&gt; &amp; &quot;x&#34;</b> &nbsp;<i></i>").unwrap();

    assert_eq!(text, "🆕 Замер <1> & \"x\" &nbsp;");
    assert_eq!(entities, [Entity { kind: EntityKind::Bold, offset: 3, length: 15 }]);
}

#[test]
fn links_keep_their_address_and_lose_a_forbidden_one() {
    let (text, entities) =
        parse(r#"<a href="https://a.b/?x=1&amp;y=2">карта</a> <a href='tel:+7'>тел</a>"#).unwrap();

    assert_eq!(text, "карта тел");
    let url = "https://a.b/?x=1&y=2".to_owned();
    assert_eq!(entities, [Entity { kind: EntityKind::TextLink { url }, offset: 0, length: 5 }]);
}

#[test]
fn a_block_of_code_is_one_entity_with_its_language() {
    let (_, entities) = parse(r#"<pre><code class="language-rust">fn</code></pre>"#).unwrap();

    let language = Some("rust".to_owned());
    assert_eq!(entities, [Entity { kind: EntityKind::Pre { language }, offset: 0, length: 2 }]);
}

#[test]
fn refusals_name_the_byte_where_the_trouble_is() {
    let cases = [
        ("Привет <br>", "Unsupported start tag \"br\" at byte offset 13"),
        ("a < b", "Unsupported start tag \"\" at byte offset 2"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>жирный", "Can't find end tag corresponding to start tag \"b\""),
        ("<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=\"https://a.b>x</a>", "Unclosed start tag \"a\" at byte offset 0"),
        ("<a =x>x</a>", "Empty attribute name in the tag \"a\" at byte offset 0"),
        ("<a href=x_y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span class=\"x\">x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ];
    for (html, reason) in cases {
        assert_eq!(parse(html).unwrap_err(), reason, "{html}");
    }
}
