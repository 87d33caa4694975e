/** How an answer to a case leaves by mail. `notice`: that there is one, and not a word of it. */
export type MailWay = 'pgp' | 'plain' | 'notice'

/** What the page showed when somebody pressed. `hash` is that of the key, with `pgp`. */
export type MailWish = { readonly way: MailWay; readonly to: string; readonly hash: string }

/**
 * The reporter's key. `first`: found, and pinned by the first answer; `offered`: found in a mail that its domain does
 * not vouch for, and used only after somebody said that it holds; `changed`: another one came after the
 * pin; `lost`: the pinned one cannot be used.
 */
export type KeyStandShown = {
  readonly state: 'none' | 'first' | 'offered' | 'pinned' | 'changed' | 'lost'
  /** Of the key that would be used, or that came; hex, or `""`. */
  readonly fingerprint: string
  readonly hash: string
  /** Where it was found, in words. */
  readonly where: string
  readonly pinned: string
  readonly why: string
  /** Where `pinned` was found, when nobody pinned it and several keys came; else `""`. */
  readonly before: string
  /** The domain of the address was not asked for a key yet: somebody has to want that. */
  readonly asks: boolean
  /** `lost`, because more mails came since the pin than are looked at. */
  readonly crowded: boolean
}

/** What became of a mail; all of it the server's word. */
export type DeliveryShown = {
  readonly kind: string
  readonly state: string
  readonly at: string
  readonly answer: string
  /** The entry that it left with; `""` for a receipt. */
  readonly statement: string
  readonly next: string
}

export type DeliveriesShown = {
  readonly relay: boolean
  readonly deliveries: readonly DeliveryShown[]
}

export type MailPlanShown = {
  /** To whom; `""` where no one address is known. */
  readonly to: string
  /** The desk's address; `""`: it sends no mail. */
  readonly from: string
  readonly relay: boolean
  /** The case is sorted so that plain words may leave. */
  readonly plain: boolean
  /** The reporter holds words: without them a notice brings a link to claim the case. */
  readonly follows: boolean
  readonly key: KeyStandShown
  readonly deliveries: readonly DeliveryShown[]
}
