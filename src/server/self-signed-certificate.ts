import { generateKeyPairSync, sign } from 'node:crypto'

/** A certificate and its key, as PEM. */
export type Certified = { readonly cert: string; readonly key: string }

/**
 * A certificate that nobody vouches for (X.509, RFC 5280), for STARTTLS between servers: they encrypt to
 * any, so that whoever only listens reads nothing. It proves no name; it has no end, for nobody renews it.
 */
export function selfSignedCertificate(
  name: string,
  { now, random }: { readonly now: number; readonly random: (length: number) => Uint8Array },
): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const whoever = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from('Postern')))),
  )
  const names = der(SEQUENCE, der(DNS_NAME, Buffer.from(name, 'ascii')))
  const extension = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTETS, names))
  // The first byte keeps the number positive and its encoding the shortest.
  const serial = Buffer.concat([Buffer.of(1), random(15)])
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.of(2))),
    der(INTEGER, serial),
    ECDSA_SHA256,
    whoever,
    der(SEQUENCE, der(UTC_TIME, dateOf(now)), der(GENERAL_TIME, Buffer.from('99991231235959Z'))),
    whoever,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, extension)),
  )
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)])
  return {
    cert: pem('CERTIFICATE', der(SEQUENCE, body, ECDSA_SHA256, der(BITS, signature))),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

const [INTEGER, BITS, OCTETS, UTF8, UTC_TIME, GENERAL_TIME] = [2, 3, 4, 0x0c, 0x17, 0x18] as const
const [SEQUENCE, SET, DNS_NAME] = [0x30, 0x31, 0x82] as const
/** 2.5.4.3, 2.5.29.17, 1.2.840.10045.4.3.2 */
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex')
const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex')

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  if (length < 0x100) return Buffer.of(0x81, length)
  return Buffer.of(0x82, length >> 8, length & 0xff)
}

/** The day before: the clock of the other side may be behind ours. YYMMDDHHMMSSZ. */
function dateOf(now: number): Buffer {
  const day = new Date(now - 86_400_000).toISOString()
  return Buffer.from(`${day.slice(2, 19).replace(/[-T:]/g, '')}Z`)
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
