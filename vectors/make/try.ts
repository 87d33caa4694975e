import { cast } from './actors.ts'
import { newShelf } from './shelf.ts'
import { sealedOnce } from './sealed-once.ts'
import { judge, expected } from '../judge.ts'
const shelf = newShelf()
const t = performance.now()
const people = await cast()
const once = sealedOnce()
for (const f of process.argv.slice(2)) {
  const m = await import(f)
  for (const k of Object.keys(m)) if (k.startsWith('make')) await m[k](shelf, people, once)
}
console.log(shelf.files.size, performance.now() - t)
for (const [name, text] of shelf.files) {
  const v = JSON.parse(text)
  const got = await judge(v).catch((e) => 'crash ' + e.stack)
  if (got !== expected(v)) console.log(name, got, expected(v))
}
console.log(
  [...shelf.files.values()].reduce((a, b) => a + b.length, 0),
  performance.now() - t,
)
