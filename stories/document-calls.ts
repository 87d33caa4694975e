import { base64OfBytes, bytesOfText, timeOf } from '#lexicon'
import { takeDocuments, type ValveDeps } from '#valve'
import { type House, keepDeskChain } from './house.ts'
import { appendDesk } from './world.ts'

/** For tests of all routes: what each call about documents names, beside one that is released. */
export async function documentCalls(house: House, valve: ValveDeps) {
  const { world } = house
  const [released = ''] = await takeDocuments(valve, [bytesOfText('{"projects":{},"v":1}')])
  await appendDesk(world, world.coordinator.signer, {
    type: 'release',
    path: 'directory/index.json',
    sha256: released,
    licence: 'CC0-1.0',
    not_before: timeOf(0),
    doc: '',
  })
  await keepDeskChain(house)
  let drafts = 0
  return {
    putDocuments: () => ({ body: { documents: [base64OfBytes(bytesOfText('A guide.'))] } }),
    listLacking: () => ({ body: { sha256: [released] } }),
    readDocument: () => ({ params: { sha256: released } }),
    listDrafts: () => ({}),
    putDraft: () => ({ body: { path: `guides/${drafts++}.md`, sha256: released, before: '' } }),
  }
}
