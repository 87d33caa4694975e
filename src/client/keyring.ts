import { type Bytes, bytesOfBase64 } from '#lexicon'
import {
  type CaseHead,
  type DeskHead,
  isCoordinator,
  labelKey,
  Refused,
  splitKeyName,
  type Wrap,
} from '#seal'
import { type SecretKey, unwrapKey } from '#unseal'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'

/** The epoch keys that this person can unwrap, opened when first needed and kept in memory only. */
export type Keyring = {
  /** The secret key of `desk/n`, `mail/n` or, in a case, of `all/n` or `p-x/n`. Throws `ClientError` no-reader. */
  readonly keyOf: (name: string, within?: CaseView) => Promise<SecretKey>
  readonly labelKeyOf: (epoch: number) => Promise<Bytes>
  /** The mail keys of the desk, the newest first. */
  readonly mailKeyNames: () => readonly string[]
}

type WrapHead = Extract<DeskHead | CaseHead, { readonly wraps: readonly Wrap[] }>

export function createKeyring(view: DeskView, self: Self): Keyring {
  const opened = new Map<string, Promise<SecretKey>>()
  const keyOf = (name: string, within?: CaseView): Promise<SecretKey> => {
    // The desk's keys are the same in every case.
    const ofCase = isOfDesk(name) ? undefined : within
    const place = `${ofCase?.id ?? ''} ${name}`
    const known = opened.get(place)
    if (known !== undefined) return known
    const key =
      ofCase === undefined
        ? openDeskKey(view, self, name, (reader) => keyOf(reader))
        : openCaseKey(view, self, name, ofCase, (reader) => keyOf(reader))
    opened.set(place, key)
    // A grant may come later, and a line may be cut: what failed is tried again when it is asked for.
    key.catch(() => opened.delete(place))
    return key
  }
  return {
    keyOf,
    labelKeyOf: async (epoch) => labelKey((await keyOf(`desk/${epoch}`)).secret, view.id),
    mailKeyNames: () => view.directory.now.mail.map((_, n) => `mail/${n + 1}`).toReversed(),
  }
}

/** A key of the desk is wrapped to each coordinator; its mail key to a key of the desk. */
async function openDeskKey(
  view: DeskView,
  self: Self,
  name: string,
  deskKey: (reader: string) => Promise<SecretKey>,
): Promise<SecretKey> {
  const { circle, epoch } = splitKeyName(name)
  if (circle !== 'desk' && circle !== 'mail') throw new Refused('wrap', `${name} does not exist.`)
  const cert = view.directory.now[circle][epoch - 1]?.cert
  if (cert === undefined) throw new Refused('wrap', `${name} does not exist.`)
  const me = self.signer.who
  const isMine = (to: string) => to === me || (circle === 'mail' && to.startsWith('desk/'))
  const wraps: [WrapHead, Wrap][] = []
  for (const head of view.directory.statements.values()) {
    if (head.type !== 'desk.key' && head.type !== 'desk.grant') continue
    if (head.circle !== circle) continue
    for (const wrap of head.wraps)
      if (wrap.epoch === epoch && isMine(wrap.to)) wraps.push([head, wrap])
  }
  return firstThatOpens(name, wraps, async (head, wrap) => {
    const key = wrap.to === me ? self.key : await deskKey(wrap.to)
    const blob = await view.api.call('readDeskWrap', { params: { blob: wrap.blob } })
    return unwrapKey(head, wrap, bytesOfBase64(blob.bytes), { reader: wrap.to, key }, cert)
  })
}

function isOfDesk(name: string): boolean {
  return name.startsWith('desk/') || name.startsWith('mail/')
}

/** A wrap to me, or, for a coordinator, one to a desk key. */
async function openCaseKey(
  view: DeskView,
  self: Self,
  name: string,
  within: CaseView,
  deskKey: (reader: string) => Promise<SecretKey>,
): Promise<SecretKey> {
  const { circle, epoch } = splitKeyName(name)
  const cert = within.fold.circles.get(circle)?.[epoch - 1]?.cert
  if (cert === undefined) throw new Refused('wrap', `${name} does not exist in this case.`)
  const coordinator = isCoordinator(view.directory.now, self.signer.who)
  const wraps = wrapsOf(within, circle, epoch).filter(
    ([, { to }]) => to === self.signer.who || (coordinator && to.startsWith('desk/')),
  )
  return firstThatOpens(name, wraps, async (head, wrap) => {
    const key = wrap.to === self.signer.who ? self.key : await deskKey(wrap.to)
    const params = { id: within.id, blob: wrap.blob }
    const { bytes } = await view.api.call('readBlob', { params })
    return unwrapKey(head, wrap, bytesOfBase64(bytes), { reader: wrap.to, key }, cert)
  })
}

/** The newest wrap first: a later grant heals one that was lost or never held the key. */
async function firstThatOpens(
  name: string,
  wraps: readonly [WrapHead, Wrap][],
  open: (head: WrapHead, wrap: Wrap) => Promise<SecretKey>,
): Promise<SecretKey> {
  let failure: unknown = notForMe(name)
  for (const [head, wrap] of wraps.toReversed()) {
    try {
      return await open(head, wrap)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function wrapsOf(within: CaseView, circle: string, epoch: number): readonly [WrapHead, Wrap][] {
  const found: [WrapHead, Wrap][] = []
  for (const head of within.fold.statements.values()) {
    if (head.type !== 'case.key' && head.type !== 'case.grant') continue
    if (head.circle !== circle) continue
    for (const wrap of head.wraps) if (wrap.epoch === epoch) found.push([head, wrap])
  }
  return found
}

function notForMe(name: string): ClientError {
  return new ClientError('no-reader', `You are not among the readers of ${name}.`)
}
