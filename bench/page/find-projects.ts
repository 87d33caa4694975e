import { createSearch, findProjects, type Project } from '#directory'

/*
 * 10,000 made projects, in the thread of a page. The words are typed letter by letter, as somebody types them, with slips; so
 * every beginning is asked too. What is told is the time of each question.
 */

const PROJECTS = 10_000
const SYLLABLES =
  'num py sci kit learn plot data arr ay graph mat lib sym jul ia net flow tens or geo'.split(' ')
const ASKED = [
  'scikitlearn',
  'numplydata',
  'pkg:pypi/numpy-plot-7',
  'https://github.com/made/geo-graph-77',
  'jlia flow',
  'qqqq',
]

function made(n: number): Project {
  const part = (place: number) => SYLLABLES[Math.floor(n / 20 ** place) % 20] ?? ''
  const name = `${part(0)}${part(1)} ${part(2)}${part(3)} ${n}`
  const id = name.replaceAll(' ', '-')
  return {
    id,
    name,
    status: 'affiliated',
    homepage: `https://${id}.example.org/`,
    repositories: [`https://github.com/made/${id}`, `https://github.com/made/${id}-docs`],
    packages: [`pkg:pypi/${id}`, `pkg:conda/${id}`],
    imports: [id.replaceAll('-', '_')],
    languages: ['Python'],
    umbrella: '',
    channels: [],
    says: [],
  }
}

const began = performance.now()
const search = createSearch(Array.from({ length: PROJECTS }, (_, n) => made(n)))
const making = performance.now() - began

const asked: number[] = []
for (let round = 0; round < 5; round++)
  for (const words of ASKED)
    for (let length = 1; length <= words.length; length++) {
      const from = performance.now()
      findProjects(search, words.slice(0, length))
      asked.push(performance.now() - from)
    }
Object.assign(globalThis, { measured: { making, asked } })
