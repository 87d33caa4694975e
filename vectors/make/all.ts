import { cast } from './actors.ts'
import { makeBodies } from './body-vectors.ts'
import { makeActs } from './case-acts.ts'
import { makeBeginnings } from './case-beginnings.ts'
import { makeCare } from './case-care.ts'
import { makeCircles } from './case-circles.ts'
import { makeEndings } from './case-endings.ts'
import { makeFreshness } from './case-freshness.ts'
import { makeLedgerVectors } from './case-ledger.ts'
import { makeMessages } from './case-messages.ts'
import { makeDeskVectors } from './desk-acts.ts'
import { makeContactFactVectors } from './desk-contact-facts.ts'
import { makeAdmissions } from './desk-admissions.ts'
import { makeDeskKeys } from './desk-keys.ts'
import { makeMemberVectors } from './desk-members.ts'
import { makeDoors } from './door-vectors.ts'
import { makeFacts } from './facts-vectors.ts'
import { makeFiles } from './file-vectors.ts'
import { makeTrees } from './ledger-vectors.ts'
import { makeMails } from './mail-vectors.ts'
import { makeReceipts } from './receipt-vectors.ts'
import { sealedOnce } from './sealed-once.ts'
import { makeSecrets } from './secret-vectors.ts'
import { newShelf } from './shelf.ts'
import { makeSmall } from './small-vectors.ts'
import { makeEncodings } from './statement-encoding.ts'
import { makeTypes } from './statement-types.ts'
import { makeWraps } from './wrap-vectors.ts'

/** Every vector, as the text of its file by its path; and how to save blobs that were made anew. */
export async function makeAll(): Promise<{
  readonly files: ReadonlyMap<string, string>
  readonly saveBlobs: () => number
}> {
  const shelf = newShelf()
  const people = await cast()
  const once = sealedOnce()
  await makeTypes(shelf, people)
  await makeEncodings(shelf, people)
  await makeAdmissions(shelf, people)
  await makeMemberVectors(shelf, people)
  await makeDeskKeys(shelf, people)
  await makeDeskVectors(shelf, people)
  await makeContactFactVectors(shelf, people)
  await makeBeginnings(shelf, people)
  await makeCircles(shelf, people)
  await makeFreshness(shelf, people)
  await makeMessages(shelf, people)
  await makeActs(shelf, people)
  await makeCare(shelf, people)
  await makeEndings(shelf, people)
  await makeLedgerVectors(shelf, people)
  await makeReceipts(shelf, people)
  await makeTrees(shelf, people)
  await makeBodies(shelf, people, once)
  await makeWraps(shelf, people, once)
  await makeFiles(shelf, people, once)
  await makeSecrets(shelf, people)
  await makeDoors(shelf, people, once)
  await makeSmall(shelf, people)
  makeFacts(shelf)
  makeMails(shelf)
  return { files: shelf.files, saveBlobs: once.save }
}
