import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textOfHtml } from './text-of-html.ts'

test('the words stay, and where a link leads', () => {
  assert.equal(
    textOfHtml('<p>A &amp; <b>b</b></p><p>c<br>d</p><ul><li>e</li><li>f</li></ul>'),
    'A & b\n\nc\nd\n\ne\n\nf',
  )
  assert.equal(
    textOfHtml(
      'see <a href="https://example.org/?a=1&amp;b=2">this</a>, <a href="javascript:x">that</a>',
    ),
    'see this <https://example.org/?a=1&b=2>, that',
  )
  assert.equal(textOfHtml('1 < 2 &#x3e; &#62; &nosuch; &#0;'), '1 < 2 > > &nosuch; &#0;')
  assert.equal(textOfHtml('a <b title="x > y">c</b>'), 'a c')
})

test('scripts, styles and comments are no words, and what a style hides is', () => {
  assert.equal(
    textOfHtml('a<script>alert("</b>")</script><style>p{}</style><!-- <b>x --> b'),
    'a b',
  )
  assert.equal(textOfHtml('<div style="display:none">signed by nobody</div>'), 'signed by nobody')
  assert.equal(textOfHtml('<img src="https://t.example/p.png" alt="x">a'), 'a')
})

test('nothing takes long, whatever it is made of', () => {
  const begin = performance.now()
  for (const part of [
    '<',
    '<a ',
    '<a href="',
    '<!--',
    '&#',
    '<script>',
    '<p>',
    "<b '",
    '<!-- -->',
    ' \n',
  ])
    textOfHtml(part.repeat(1_000_000 / part.length))
  assert.ok(performance.now() - begin < 4000, String(performance.now() - begin))
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<', '>', '"', 'a', ' href=', '!--', '-->', '/p', '&lt;')),
      (bits) => {
        assert.ok(!/<script/i.test(textOfHtml(bits.join(''))))
      },
    ),
  )
})
