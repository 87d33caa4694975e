import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDirectoryFile } from './directory-file.ts'
import { bitsBetween, lettersOf, slipsBetween } from './distance.ts'
import { createSearch, findProjects } from './search.ts'

const { projects } = readDirectoryFile(readFileSync('examples/numfocus.yaml', 'utf8'))
const search = createSearch([...projects.values()])
const ids = (words: string) => findProjects(search, words).map(({ project }) => project.id)
const first = (words: string) => ids(words)[0]

test('each project is found first by its name and by its id', () => {
  for (const { id, name } of projects.values()) {
    assert.equal(first(name), id, name)
    assert.equal(first(name.toUpperCase()), id, name)
    assert.equal(first(id), id)
  }
})

test('each project is found by its name with any one slip', () => {
  for (const { id, name } of projects.values())
    for (const slip of slipsOf(name)) assert.ok(ids(slip).includes(id), `${slip} for ${name}`)
})

test('each package URL leads to its project alone, with a version too, and each repository', () => {
  for (const { id, packages, repositories } of projects.values()) {
    for (const text of packages) {
      assert.deepEqual(ids(text), [id], text)
      assert.deepEqual(ids(`${text}@1.2.3`), [id], text)
    }
    for (const text of repositories) {
      assert.ok(ids(text).includes(id), text)
      assert.ok(ids(`${text}.git`).includes(id), text)
    }
  }
})

const asked: readonly (readonly [string, string])[] = [
  ['sklearn', 'scikit-learn'],
  ['skimage', 'scikit-image'],
  ['scikit learn', 'scikit-learn'],
  ['learn scikit', 'scikit-learn'],
  ['scikitlern', 'scikit-learn'],
  ['numpi', 'numpy'],
  ['pnadas', 'pandas'],
  ['matplotllib', 'matplotlib'],
  ['jupiter', 'jupyter'],
  ['fenics', 'fenics'],
  ['dolfinx', 'fenics'],
  ['trixi', 'trixi-jl'],
  ['Trixi.jl', 'trixi-jl'],
  ['octave', 'gnu-octave'],
  ['pytable', 'pytables'],
  ['ice sheet', 'pism'],
  ['voila', 'voila-dashboards'],
  ['numpy.org', 'numpy'],
  ['https://numpy.org/', 'numpy'],
  ['github.com/numpy/numpy', 'numpy'],
  ['git@github.com:numpy/numpy.git', 'numpy'],
  ['git+https://github.com/numpy/numpy.git', 'numpy'],
  ['https://github.com/numpy/numpy/issues/123?x=y', 'numpy'],
  ['https://github.com/jupyterlab/jupyterlab', 'jupyterlab'],
  ['https://github.com/numpy/numpydoc', 'numpy'],
  ['pkg:github/numpy/numpy@v1.26', 'numpy'],
  ['pkg:pypi/NumPy', 'numpy'],
  ['pkg:pypi/nunpy', 'numpy'],
  ['pkg:conda/numpy', 'numpy'],
  ['pkg:golang/github.com/bebop/poly/synthesis', 'poly'],
]
for (const [words, id] of asked)
  test(`“${words}” finds ${id} first`, () => assert.equal(first(words), id))

test('only what was named to the letter is called exact', () => {
  const exact = (words: string) => findProjects(search, words)[0]?.exact
  for (const words of ['numpy', 'NumPy', 'pkg:pypi/numpy', 'https://github.com/numpy/numpy'])
    assert.equal(exact(words), true, words)
  for (const words of ['nump', 'nunpy', 'https://github.com/numpy/numpydoc', 'pkg:pypi/nunpy'])
    assert.equal(exact(words), false, words)
})

test('what fits nothing finds nothing', () => {
  for (const words of [
    '',
    ' ',
    '…',
    'qqqqqqqqqqqq',
    'https://',
    'pkg:',
    'github.com',
    'https://github.com/',
    '://',
    '%',
    'a'.repeat(10_000),
  ])
    assert.deepEqual(ids(words), [], words.slice(0, 20))
})

test('nothing that is asked breaks it', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (words) => ids(words).length <= 20))
  fc.assert(fc.property(fc.webUrl(), (words) => ids(words).length <= 20))
})

test('slips are counted as by the plain rule, and letters never differ more than twice as much', () => {
  const word = fc.stringMatching(/^[a-d]{0,7}$/)
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (one, other, most) => {
      const slips = plainly(one, other)
      assert.equal(slipsBetween(one, other, most), Math.min(slips, most + 1))
      assert.ok(bitsBetween(lettersOf(one), lettersOf(other)) <= 2 * slips)
    }),
  )
})

/** A letter wrong, one missing, one too many, two turned round: at every place. */
function* slipsOf(name: string): Generator<string> {
  for (let n = 0; n < name.length; n++) {
    const [before, here, after] = [name.slice(0, n), name[n] ?? '', name.slice(n + 1)]
    yield `${before}q${after}`
    yield `${before}q${here}${after}`
    if (name.length > 2) yield before + after
    if (after !== '') yield before + after[0] + here + after.slice(1)
  }
}

function plainly(one: string, other: string): number {
  const at = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j
    const same = one[i - 1] === other[j - 1]
    const turned = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
    return Math.min(
      at(i - 1, j) + 1,
      at(i, j - 1) + 1,
      at(i - 1, j - 1) + (same ? 0 : 1),
      turned ? at(i - 2, j - 2) + 1 : Infinity,
    )
  }
  return at(one.length, other.length)
}
