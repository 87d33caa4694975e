import { base64OfBytes, type Bytes, hexOfBytes } from '#lexicon'
import { checkpointOrigin, statementId } from '#seal'
import { type Cast, standIn } from './actors.ts'
import { add, type Chain } from './chains.ts'
import { consistencyPath, inclusionPath, leavesOf, newLedger, rootOf, signNote } from './ledgers.ts'
import type { Shelf } from './shelf.ts'
import { smallDesk } from './steps.ts'

/** Trees and their proofs, and signed checkpoints. */
export async function makeTrees(shelf: Shelf, people: Cast): Promise<void> {
  const desk = await smallDesk(people)
  let ledger = await newLedger(desk, people.server)
  while (ledger.statements.length < 13)
    ledger = await add(ledger, people.server, 'ledger.event', {
      kind: 'backup',
      about: '',
      count: ledger.statements.length,
      note: '',
    })
  inclusions(shelf, ledger)
  consistencies(shelf, ledger)
  await checkpoints(shelf, people, desk, ledger)
}

const hex = (hashes: readonly Bytes[]) => hashes.map(hexOfBytes)

function inclusions(shelf: Shelf, ledger: Chain): void {
  const ids = ledger.statements.map(({ head }) => statementId(head))
  const proof = (index: number, size: number) => {
    const leaves = leavesOf(ledger).slice(0, size)
    return {
      proves: 'inclusion',
      id: ids[index],
      index,
      size,
      root: hexOfBytes(rootOf(leaves)),
      proof: hex(inclusionPath(index, leaves)),
    }
  }
  for (const size of [1, 2, 3, 4, 5, 7, 8, 13])
    for (const index of new Set([0, size >> 1, size - 1]))
      shelf.accept(
        'tree',
        `leaf-${index}-of-${size}`,
        'an entry is in the tree',
        proof(index, size),
      )
  const sound = proof(6, 13)
  const wrong = (name: string, what: string, over: Readonly<Record<string, unknown>>) =>
    shelf.reject(
      'tree',
      `leaf-6-of-13-${name}`,
      'H2',
      { against: 'leaf-6-of-13', what },
      { ...sound, ...over },
    )
  wrong('of-another-entry', 'id', { id: standIn('another entry') })
  wrong('at-another-index', 'index', { index: 5 })
  wrong('beyond-the-end', 'index', { index: 13 })
  wrong('in-another-size', 'size', { size: 64 })
  wrong('under-another-root', 'root', { root: standIn('another root') })
  wrong('with-a-hash-less', 'proof: the last hash is gone', { proof: sound.proof.slice(0, -1) })
  wrong('with-a-hash-more', 'proof: a hash more', { proof: [...sound.proof, standIn('more')] })
  wrong('with-two-swapped', 'proof: the first two are swapped', {
    proof: [sound.proof[1], sound.proof[0], ...sound.proof.slice(2)],
  })
  wrong('without-a-proof', 'proof is empty', { proof: [] })
  const inner = leavesOf(ledger).slice(0, 2)
  shelf.reject(
    'tree',
    'leaf-0-of-1-that-is-a-node',
    'H2',
    {
      against: 'leaf-0-of-1',
      what: 'root is an inner node over this leaf: leaves and nodes differ',
    },
    { ...proof(0, 1), root: hexOfBytes(rootOf(inner)) },
  )
}

function consistencies(shelf: Shelf, ledger: Chain): void {
  const leaves = leavesOf(ledger)
  const proof = (old: number, size: number) => ({
    proves: 'consistency',
    old_size: old,
    old_root: hexOfBytes(rootOf(leaves.slice(0, old))),
    size,
    root: hexOfBytes(rootOf(leaves.slice(0, size))),
    proof: hex(consistencyPath(old, leaves.slice(0, size))),
  })
  for (const [old, size] of [
    [0, 5],
    [1, 1],
    [1, 2],
    [2, 3],
    [3, 7],
    [4, 8],
    [6, 8],
    [6, 13],
    [8, 13],
    [12, 13],
  ] as const)
    shelf.accept('tree', `first-${old}-of-${size}`, 'the tree only grew', proof(old, size))
  const sound = proof(6, 13)
  const wrong = (name: string, what: string, over: Readonly<Record<string, unknown>>) =>
    shelf.reject(
      'tree',
      `first-6-of-13-${name}`,
      'H3',
      { against: 'first-6-of-13', what },
      { ...sound, ...over },
    )
  wrong('of-another-past', 'old_root (K5)', { old_root: standIn('another past') })
  wrong('of-another-present', 'root', { root: standIn('another present') })
  wrong('that-shrank', 'size', { size: 5 })
  wrong('of-the-same-size', 'size, so that both are 6', { size: 6 })
  wrong('with-a-hash-less', 'proof: the last hash is gone', { proof: sound.proof.slice(0, -1) })
  wrong('with-a-hash-more', 'proof: a hash more', { proof: [...sound.proof, standIn('more')] })
  wrong('without-a-proof', 'proof is empty', { proof: [] })
  wrong('with-an-altered-hash', 'proof: the first hash', {
    proof: [standIn('altered'), ...sound.proof.slice(1)],
  })
  shelf.reject(
    'tree',
    'first-0-of-5-with-a-hash',
    'H3',
    { against: 'first-0-of-5', what: 'proof: a hash' },
    { ...proof(0, 5), proof: [standIn('more')] },
  )
}

async function checkpoints(
  shelf: Shelf,
  { server, server2, c1 }: Cast,
  desk: Chain,
  ledger: Chain,
): Promise<void> {
  const domain = 'security.example.org'
  const origin = checkpointOrigin(domain, desk.id)
  const root = rootOf(leavesOf(ledger))
  const textOf = (size: string, at = origin, hash = base64OfBytes(root)) =>
    `${at}\n${size}\n${hash}\n`
  const note = await signNote(textOf('13'), server, origin)
  const sound = {
    domain,
    desk: desk.id,
    server: server.who,
    note,
    size: 13,
    root: hexOfBytes(root),
  }
  shelf.accept('checkpoint', 'signed', 'thirteen entries, signed by the server', sound)
  const foreign = await signNote(textOf('13'), c1, origin)
  const cosigned = (line: string) => `${note}${line}`
  const other = foreign.slice(foreign.indexOf('\u2014'))
  shelf.accept('checkpoint', 'cosigned', 'a line of somebody else behind is passed over', {
    ...sound,
    note: cosigned('\u2014 witness.example.net AAAAAAAA\n'),
  })
  shelf.accept('checkpoint', 'cosigned-in-front', 'and before; also one that borrows the name', {
    ...sound,
    note: note.replace('\n\n', `\n\n${other}`),
  })
  shelf.accept(
    'checkpoint',
    'cosigned-by-no-base64',
    'a broken line under our name is passed over',
    {
      ...sound,
      note: note.replace('\n\n', `\n\n\u2014 ${origin} !!!!\n`),
    },
  )
  const wrong = (name: string, what: string, over: Readonly<Record<string, unknown>>) =>
    shelf.reject(
      'checkpoint',
      name,
      'checkpoint',
      { against: 'signed', what },
      { ...sound, ...over },
    )
  const resigned = async (name: string, what: string, text: string) =>
    wrong(name, what, { note: await signNote(text, server, origin) })
  wrong('signed-by-another', 'the signature is by a coordinator', { note: foreign })
  wrong('of-the-former-server', 'server is another key', { server: server2.who })
  wrong('of-another-desk', 'desk (N30)', { desk: standIn('another desk') })
  wrong('of-another-domain', 'domain', { domain: 'security.example.com' })
  wrong('altered-in-size', 'the size', { note: note.replace('\n13\n', '\n14\n') })
  wrong('altered-in-root', 'the root', {
    note: note.replace(base64OfBytes(root), base64OfBytes(root.slice().reverse())),
  })
  wrong('unsigned', 'no signature', { note: `${textOf('13')}\n` })
  wrong('with-a-hyphen', 'the dash before the signature is a hyphen', {
    note: note.replace('\u2014', '-'),
  })
  wrong('without-a-blank-line', 'the blank line is gone', { note: note.replace('\n\n', '\n') })
  wrong('empty', 'nothing', { note: '' })
  await resigned('of-a-size-with-zeros', 'the size is 013', textOf('013'))
  await resigned('of-a-negative-size', 'the size', textOf('-13'))
  await resigned('of-a-size-of-sixteen-digits', 'the size', textOf('9'.repeat(16)))
  await resigned('of-a-short-root', 'the root', textOf('13', origin, base64OfBytes(root.slice(1))))
  await resigned(
    'of-a-root-with-stray-bits',
    'the last digit of the root',
    textOf('13', origin, strayBits(base64OfBytes(root))),
  )
  await resigned('with-an-extension', 'a line more', `${textOf('13')}extension\n`)
  await resigned(
    'for-another-origin',
    'the first line',
    textOf('13', 'elsewhere.example.org/postern'),
  )
}

/** Another spelling of the same bytes: the last digit carries two bits that count for nothing. */
function strayBits(base64: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const last = digits.indexOf(base64.at(-2) ?? '')
  return `${base64.slice(0, -2)}${digits[last + 1] ?? ''}=`
}
