/** R02. No source but ourselves, no inline anything. */
const SOURCES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
]

/** Where no script runs, no policy may be made. */
const POLICY = [...SOURCES, "trusted-types 'none'"].join('; ')

/** Pages with a script make one policy, which knows our workers and no HTML. */
const POLICY_OF_PAGES = [...SOURCES, 'trusted-types postern'].join('; ')

/** Every powerful feature of a browser, closed (R04). */
const FEATURES = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

const CLOSED = FEATURES.map((feature) => `${feature}=()`).join(', ')

const STRICT = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': CLOSED,
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  // No name in a text is looked up before somebody follows it: who runs that name would learn who reads.
  'x-dns-prefetch-control': 'off',
} as const

const PASSKEYS = /(publickey-credentials-(?:create|get))=\(\)/g

/**
 * In place of the strict ones, on pages with a script: one Trusted Types policy, passkeys, and no script
 * without integrity.
 */
export const HEADERS_OF_PAGES = {
  'content-security-policy': POLICY_OF_PAGES,
  'permissions-policy': CLOSED.replace(PASSKEYS, '$1=(self)'),
  'integrity-policy': 'blocked-destinations=(script)',
} as const

/**
 * On the script of the thread that holds keys: it starts one thread more, which verifies signatures, and
 * makes the same one policy for its address.
 */
export const HEADERS_OF_KEY_THREAD = { 'content-security-policy': POLICY_OF_PAGES } as const

/** Stand on every answer, errors too (R01 to R04). HSTS only when the public address is https. */
export function strictHeaders(origin: string): Readonly<Record<string, string>> {
  if (!origin.startsWith('https:')) return STRICT
  return { ...STRICT, 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
}
