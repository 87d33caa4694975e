/** An OpenPGP message as a mail (RFC 3156), with a From outside that is not its sender's. */
export function enveloped(address: string, armored: string): readonly string[] {
  return [
    'From: Somebody Else <somebody@example.com>',
    `To: ${address}`,
    'Subject: ...',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=out',
    '',
    '--out',
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '--out',
    'Content-Type: application/octet-stream',
    '',
    armored,
    '--out--',
  ]
}
