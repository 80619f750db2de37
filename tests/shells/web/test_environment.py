"""Texts that templates say may come from anybody: they are escaped, and no sign in them means anything."""

from zoneinfo import ZoneInfo

import pytest

from winnow.shells.web.environment import environment

TEMPLATES, _ = environment("en", ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ _(text) }}", "&lt;b&gt; 100% %(x)s &#34;it's&#34;"),
        ("{{ _('a %(text)s', text=text) }}", "a &lt;b&gt; 100% %(x)s &#34;it&#39;s&#34;"),
        ("{{ _('a %(text)s', text=_(text)) }}", "a &lt;b&gt; 100% %(x)s &#34;it's&#34;"),
        ("{{ ngettext('%(num)s by %(text)s', '%(num)s from %(text)s', 2000, text='<') }}", "2,000 from &lt;"),
        ("{{ ngettext('%(num)s of', '%(num)s of them', 1) }}", "1 of"),
        ("{{ pgettext('mode', text) }}", "&lt;b&gt; 100% %(x)s &#34;it's&#34;"),
        ("{{ _('in %') }}", "in %"),
        ("{{ 'there is no `a<b` or `c`' | sentence }}", "There is no <code>a&lt;b</code> or <code>c</code>."),
        ("{{ 'an odd ` and\n`more' | sentence }}", "An odd ` and\n`more."),
    ],
)
def test_a_text_is_shown_as_it_is(template, shown):
    assert TEMPLATES.from_string(template).render(text='<b> 100% %(x)s "it\'s"') == shown
