import type { Shelf } from './shelf.ts'

/*
 * What a reporter says beside the text. Every text here is written by hand from docs/formats/sealing.md,
 * not by the code that it judges.
 */

type Facts = { project: string; kind: string; name: string; contact: string }

const NONE: Facts = { project: '', kind: '', name: '', contact: '' }
const ALL: Facts = {
  project: 'example-arrays',
  kind: 'exploited',
  name: 'Reporter 1',
  contact: 'reporter@example.org',
}
const ALL_LINES =
  'Project: example-arrays\nKind: exploited\nName: Reporter 1\nContact: reporter@example.org\n'

export function makeFacts(shelf: Shelf): void {
  readings(shelf)
  noReadings(shelf)
  misreadings(shelf)
  writings(shelf)
  noWritings(shelf)
}

function readings(shelf: Shelf): void {
  const read = (name: string, why: string, whole: string, text: string, facts: Partial<Facts>) =>
    shelf.accept('facts', name, why, { way: 'read', whole, text, facts: { ...NONE, ...facts } })
  read('all-four', 'every line, in order', `It overflows.\n\n${ALL_LINES}`, 'It overflows.', ALL)
  read(
    'paragraphs-before',
    'only the last LF LF divides',
    `# Title\n\nOne.\n\nTwo.\n\n${ALL_LINES}`,
    '# Title\n\nOne.\n\nTwo.',
    ALL,
  )
  read('no-text', 'nothing but facts behind an empty text', `\n\n${ALL_LINES}`, '', ALL)
  read('three-line-feeds', 'one of them is of the text', 'x\n\n\nKind: question\n', 'x\n', {
    kind: 'question',
  })
  for (const kind of ['vulnerability', 'exploited', 'takeover', 'question'])
    read(`kind-${kind}`, 'a word of the list', `x\n\nKind: ${kind}\n`, 'x', { kind })
  read('some-left-out', 'the order stays', 'x\n\nProject: a\nContact: b\n', 'x', {
    project: 'a',
    contact: 'b',
  })
  read('value-like-a-line', 'a value is not looked into', 'x\n\nProject: Kind: question\n', 'x', {
    project: 'Kind: question',
  })
  read('value-of-200', '200 units', `x\n\nName: ${'n'.repeat(200)}\n`, 'x', {
    name: 'n'.repeat(200),
  })
  read('emoji-of-200', '100 characters of two units', `x\n\nName: ${'😀'.repeat(100)}\n`, 'x', {
    name: '😀'.repeat(100),
  })
  read('joined-emoji', 'U+200D joins: it does not hide', 'x\n\nName: 👩‍💻\n', 'x', {
    name: '👩‍💻',
  })
  read('inner-spaces', 'spaces within stay', 'x\n\nName: a  b\u00a0c\n', 'x', {
    name: 'a  b\u00a0c',
  })
  read('facts-none', 'a line that says so', 'x\n\nKind: question\n\nFacts: none\n', WITH_KIND, {})
}

const WITH_KIND = 'x\n\nKind: question'

/** Texts that look as if, and are all text. */
function noReadings(shelf: Shelf): void {
  const text = (name: string, why: string, whole: string) =>
    shelf.accept('facts', name, why, { way: 'read', whole, text: whole, facts: NONE })
  text('empty', 'no text at all', '')
  text('plain', 'a text without an end', 'It overflows.')
  text('only-line-feeds', 'no line', '\n\n')
  text('not-the-last-paragraph', 'a reporter quotes facts', `x\n\n${ALL_LINES}\nMore words.\n`)
  text('no-empty-line', 'a paragraph that ends so', 'x\nKind: question\n')
  text('facts-alone', 'nothing divides', 'Kind: question\n')
  text('no-last-line-feed', 'cut', 'x\n\nKind: question')
  text('no-last-line-feed-of-a-name', 'cut: its last letter is no LF', 'x\n\nName: abc')
  text('empty-line-behind', 'one LF too many', 'x\n\nKind: question\n\n')
  text('carriage-returns', 'lines end at LF', 'x\r\n\r\nKind: question\r\n')
  text('other-order', 'Kind before Project', 'x\n\nKind: question\nProject: a\n')
  text('kind-twice', 'each at most once', 'x\n\nKind: question\nKind: exploited\n')
  text('kind-of-no-list', 'no such word', 'x\n\nKind: urgent\n')
  text('kind-in-capitals', 'no such word', 'x\n\nKind: Question\n')
  text('another-line', 'one line of another sort', 'x\n\nKind: question\nthank you\n')
  text('small-label', 'labels have one spelling', 'x\n\nkind: question\n')
  text('no-space', 'a colon and one space', 'x\n\nKind:question\n')
  text('two-spaces', 'the value would begin with white space', 'x\n\nName:  a\n')
  text('space-behind', 'the value would end with white space', 'x\n\nName: a \n')
  text('wide-space-behind', 'U+3000 is white space', 'x\n\nName: a\u3000\n')
  text('space-before', 'the label begins its line', 'x\n\n Name: a\n')
  text('no-value', 'at least one unit', 'x\n\nName: \n')
  text('value-of-201', 'one unit too many', `x\n\nName: ${'n'.repeat(201)}\n`)
  text('emoji-of-202', '101 characters of two units', `x\n\nName: ${'😀'.repeat(101)}\n`)
  text('line-separator', 'U+2028 (Zl)', 'x\n\nName: a\u2028Kind: exploited\n')
  text('paragraph-separator', 'U+2029 (Zp)', 'x\n\nName: a\u2029b\n')
  text('turned-round', 'U+202E (Cf) turns what follows', 'x\n\nName: a\u202eb\n')
  text('hidden', 'U+200B (Cf) is not seen', 'x\n\nName: a\u200bb\n')
  text('tab', 'U+0009 (Cc)', 'x\n\nName: a\tb\n')
  text('next-line', 'U+0085 (Cc)', 'x\n\nName: a\u0085b\n')
  text('facts-none-and-more', 'Facts: none stands alone', 'x\n\nFacts: none\nKind: question\n')
  text('facts-some', 'no such line', 'x\n\nFacts: some\n')
}

/** What a careless reader takes from a text. */
function misreadings(shelf: Shelf): void {
  const wrong = (
    name: string,
    against: string,
    what: string,
    whole: string,
    text: string,
    facts: Partial<Facts>,
  ) =>
    shelf.reject(
      'facts',
      name,
      'facts',
      { against, what },
      { way: 'read', whole, text, facts: { ...NONE, ...facts } },
    )
  const kind = 'question'
  const quoted = `x\n\n${ALL_LINES}\nMore words.\n`
  wrong('facts-of-a-quotation', 'not-the-last-paragraph', 'facts are taken', quoted, 'x', ALL)
  wrong('first-of-two-kinds', 'kind-twice', 'the first is taken', TWICE, 'x', { kind })
  wrong('last-of-two-kinds', 'kind-twice', 'the last is taken', TWICE, 'x', { kind: 'exploited' })
  wrong('any-order', 'other-order', 'facts are taken', OTHER_ORDER, 'x', { kind, project: 'a' })
  wrong('value-trimmed', 'space-behind', 'its end is cut off', 'x\n\nName: a \n', 'x', {
    name: 'a',
  })
  wrong('any-kind', 'kind-of-no-list', 'the word is taken', 'x\n\nKind: urgent\n', 'x', {
    kind: 'urgent',
  })
  wrong('line-of-two-lines', 'line-separator', 'U+2028 ends no line', SEPARATED, 'x', {
    name: 'a\u2028Kind: exploited',
  })
  wrong('two-of-one-line', 'line-separator', 'U+2028 ends a line', SEPARATED, 'x', {
    name: 'a',
    kind: 'exploited',
  })
  wrong('facts-kept-in-the-text', 'all-four', 'text is the whole', FOUR, FOUR, ALL)
  wrong('facts-lost', 'all-four', 'facts are none', FOUR, 'It overflows.', {})
  wrong('one-fact-lost', 'all-four', 'contact', FOUR, 'It overflows.', { ...ALL, contact: '' })
}

const FOUR = `It overflows.\n\n${ALL_LINES}`
const TWICE = 'x\n\nKind: question\nKind: exploited\n'
const OTHER_ORDER = 'x\n\nKind: question\nProject: a\n'
const SEPARATED = 'x\n\nName: a\u2028Kind: exploited\n'

function writings(shelf: Shelf): void {
  const write = (name: string, why: string, text: string, facts: Partial<Facts>, whole: string) =>
    shelf.accept('facts', name, why, { way: 'write', text, facts: { ...NONE, ...facts }, whole })
  write('write-all-four', 'every line, in order', 'It overflows.', ALL, FOUR)
  write('write-one', 'no line for what was not said', 'x', { name: 'a' }, 'x\n\nName: a\n')
  write(
    'write-behind-white-space',
    'line feeds and spaces at the end go',
    'x \t\r\n\u00a0\u3000\u2028\ufeff\n\n',
    { kind: 'takeover' },
    'x\n\nKind: takeover\n',
  )
  write(
    'write-behind-a-control',
    'U+0085 is no white space',
    'x\u0085',
    { name: 'a' },
    'x\u0085\n\nName: a\n',
  )
  write('write-behind-nothing', 'an empty text', '', { name: 'a' }, '\n\nName: a\n')
  write(
    'write-behind-an-indented-text',
    'white space in front stays',
    '\n    x',
    { name: 'a' },
    '\n    x\n\nName: a\n',
  )
  write('write-none', 'the text as it stands', 'x \n\n', {}, 'x \n\n')
  write(
    'write-none-behind-facts',
    'the text reads as having some',
    `${WITH_KIND}\n`,
    {},
    'x\n\nKind: question\n\nFacts: none\n',
  )
  write(
    'write-none-behind-none',
    'so does one that says it has none',
    'x\n\nFacts: none\n',
    {},
    'x\n\nFacts: none\n\nFacts: none\n',
  )
  write(
    'write-behind-facts',
    'what the text says stays text',
    'x\n\nKind: question\n',
    { kind: 'exploited' },
    'x\n\nKind: question\n\nKind: exploited\n',
  )
}

function noWritings(shelf: Shelf): void {
  const refused = (name: string, what: string, facts: Partial<Facts>) =>
    shelf.reject(
      'facts',
      name,
      'line',
      { against: 'write-one', what },
      { way: 'write', text: 'x', facts: { ...NONE, ...facts } },
    )
  refused('write-two-lines', 'a line feed in name', { name: 'a\nKind: exploited' })
  refused('write-a-return', 'a carriage return in name', { name: 'a\rb' })
  refused('write-a-separator', 'U+2029 in name', { name: 'a\u2029b' })
  refused('write-turned-round', 'U+202E in name', { name: 'a\u202eb' })
  refused('write-zero', 'U+0000 in name', { name: 'a\u0000' })
  refused('write-space-first', 'a space in front of name', { name: ' a' })
  refused('write-space-last', 'U+3000 behind name', { name: 'a\u3000' })
  refused('write-201', '201 units', { name: 'n'.repeat(201) })
  const unended = (name: string, against: string, what: string, text: string, whole: string) =>
    shelf.reject(
      'facts',
      name,
      'whole',
      { against, what },
      { way: 'write', text, facts: NONE, whole },
    )
  unended(
    'write-none-and-be-misread',
    'write-none-behind-facts',
    'whole does not say that there are none',
    `${WITH_KIND}\n`,
    `${WITH_KIND}\n`,
  )
}
