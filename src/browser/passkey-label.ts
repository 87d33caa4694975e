/**
 * What to call a new passkey in the person's own list. A guess from what the browser tells: the maker's
 * id in the authenticator data (WebAuthn Level 3, section 6.1), else how it is connected. It proves nothing.
 * Never “this device”: the list is read on another one when this one is lost.
 */
export function passkeyLabel(made: {
  readonly authenticatorData: Uint8Array | undefined
  readonly transports: readonly string[]
  readonly userAgent: string
}): string {
  const maker = makerOf(made.authenticatorData)
  if (maker !== undefined) return maker
  const { transports } = made
  if (transports.includes('internal')) return deviceName(made.userAgent)
  if (transports.includes('hybrid')) return 'Phone or tablet'
  if (transports.some((each) => ['usb', 'nfc', 'ble', 'smart-card'].includes(each)))
    return 'Security key'
  return 'Passkey'
}

/** In this order: Android says that it is Linux as well, and an iPhone that it is like a Mac. */
const DEVICES: readonly (readonly [says: RegExp, name: string])[] = [
  [/Android/, 'Android phone or tablet'],
  [/iPhone|iPad/, 'iPhone or iPad'],
  [/Windows/, 'Windows computer'],
  [/CrOS/, 'Chromebook'],
  [/Mac OS/, 'Mac'],
  [/Linux|X11/, 'Linux computer'],
]

function deviceName(userAgent: string): string {
  return DEVICES.find(([says]) => says.test(userAgent))?.[1] ?? 'A device of its own'
}

/** The id stands after the hash of the origin (32), the flags (1) and the counter (4). */
const MAKER_AT = 37
/** Flag AT: attested credential data follows. */
const ATTESTED = 0x40

function makerOf(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length < MAKER_AT + 16) return undefined
  if (((data[32] ?? 0) & ATTESTED) === 0) return undefined
  const hex = [...data.subarray(MAKER_AT, MAKER_AT + 16)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return MAKERS[hex]
}

const MAKERS: Readonly<Record<string, string>> = {
  ea9b8d664d011d213ce4b6b48cb575d4: 'Google Password Manager',
  adce000235bcc60a648b0b25f1f05503: 'Chrome on a Mac',
  fbfc3007154e4ecc8c0b6e020557d7bd: 'iCloud Keychain',
  dd4ec289e01d41c9bb8970fa845d4bf2: 'iCloud Keychain',
  '08987058cadc4b81b6e130de50dcbe96': 'Windows Hello',
  '9ddd1817af5a4672a2b93e3dd95000a9': 'Windows Hello',
  '6028b017b1d44c02b4b3afcdafc96bb2': 'Windows Hello',
  bada5566a7aa401fbd9645619a55120d: '1Password',
  d548826e79b4db40a3d811116f7e8349: 'Bitwarden',
}
