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
  /** The secret key of `desk/n` or, in a case, of `all/n` or `p-x/n`. Throws `ClientError` no-reader. */
  readonly keyOf: (name: string, within?: CaseView) => Promise<SecretKey>
  readonly labelKeyOf: (epoch: number) => Promise<Bytes>
}

type WrapHead = Extract<DeskHead | CaseHead, { readonly wraps: readonly Wrap[] }>

export function createKeyring(view: DeskView, self: Self): Keyring {
  const opened = new Map<string, Promise<SecretKey>>()
  const keyOf = (name: string, within?: CaseView): Promise<SecretKey> => {
    const place = `${within?.id ?? ''} ${name}`
    const known = opened.get(place)
    if (known !== undefined) return known
    const key =
      within === undefined || name.startsWith('desk/')
        ? openDeskKey(view, self, name)
        : openCaseKey(view, self, name, within, (reader) => keyOf(reader))
    opened.set(place, key)
    return key
  }
  return {
    keyOf,
    labelKeyOf: async (epoch) => labelKey((await keyOf(`desk/${epoch}`)).secret, view.id),
  }
}

async function openDeskKey(view: DeskView, self: Self, name: string): Promise<SecretKey> {
  const { circle, epoch } = splitKeyName(name)
  const cert = view.directory.now.desk[epoch - 1]?.cert
  if (circle !== 'desk' || cert === undefined) throw new Refused('wrap', `${name} does not exist.`)
  for (const head of view.directory.statements.values()) {
    if (head.type !== 'desk.key' && head.type !== 'desk.grant') continue
    if (head.circle !== 'desk') continue
    const wrap = head.wraps.find((each) => each.epoch === epoch && each.to === self.signer.who)
    if (wrap === undefined) continue
    const blob = await view.api.call('readDeskWrap', { params: { blob: wrap.blob } })
    const me = { reader: self.signer.who, key: self.key }
    return unwrapKey(head, wrap, bytesOfBase64(blob.bytes), me, cert)
  }
  throw notForMe(name)
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
  const mine = wrapsOf(within, circle, epoch).find(([, wrap]) => wrap.to === self.signer.who)
  const desk = isCoordinator(view.directory.now, self.signer.who)
    ? wrapsOf(within, circle, epoch).find(([, wrap]) => wrap.to.startsWith('desk/'))
    : undefined
  const found = mine ?? desk
  if (found === undefined) throw notForMe(name)
  const [head, wrap] = found
  const key = wrap.to === self.signer.who ? self.key : await deskKey(wrap.to)
  const params = { id: within.id, blob: wrap.blob }
  const { bytes } = await view.api.call('readBlob', { params })
  return unwrapKey(head, wrap, bytesOfBase64(bytes), { reader: wrap.to, key }, cert)
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
