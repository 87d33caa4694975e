/**
 * What a check of a security.txt found. The codes are the names that the known validators of such files use
 * for the same things; ours stand beside them.
 */
export type FindingCode = keyof typeof SENTENCES

/** `error`: it is not what RFC 9116 says. `recommendation`: it is, and could serve better. `notification`: good to know. */
export type FindingLevel = 'error' | 'recommendation' | 'notification'

export type Finding = {
  readonly code: FindingCode
  readonly level: FindingLevel
  /** 0 where it is about the whole file. */
  readonly line: number
  readonly sentence: string
}

/** What stands in no line: control characters besides the tab. */
export const BROKEN = /[\p{Cc}\p{Zl}\p{Zp}]/u

const SENTENCES = {
  no_security_txt: ['error', 'There is no file at this address.'],
  location: ['error', 'It does not lie at /.well-known/security.txt, where readers look.'],
  legacy_location: [
    'recommendation',
    'This is the old place. Readers look at /.well-known/security.txt first.',
  ],
  invalid_uri_scheme: ['error', 'It was fetched without HTTPS: anybody on the way can change it.'],
  redirected_away: [
    'recommendation',
    'The address leads to another host. Look at whether that host belongs to the same people.',
  ],
  no_content_type: ['error', 'The server does not say what kind of file it is.'],
  invalid_media: ['error', 'It is not served as text/plain.'],
  invalid_charset: ['error', 'It is not served as charset=utf-8.'],
  too_large: ['error', 'It is longer than 32 KiB, and readers need not read that much.'],
  utf8: ['error', 'It is not UTF-8.'],
  bom_in_file: ['error', 'It begins with a byte order mark. Save it without one.'],
  no_line_separators: ['error', 'This line does not end. Each ends with LF or CR LF.'],
  invalid_line: [
    'error',
    'This line is no comment and no field. A field is a name, a colon, a space and a value.',
  ],
  prec_ws: ['error', 'There is a space before the colon or before the name.'],
  empty_key: ['error', 'There is no name before the colon.'],
  no_space: ['error', 'There is no space after the colon.'],
  empty_value: ['error', 'There is no value after the colon.'],
  no_contact: ['error', 'There is no Contact. Say how to reach you.'],
  no_expire: ['error', 'There is no Expires. Say until when this can be believed.'],
  multi_expire: ['error', 'There is more than one Expires.'],
  invalid_expiry: ['error', 'Expires is not a date such as 2027-03-31T12:00:00Z.'],
  expiry_without_seconds: ['error', 'Expires has no seconds. RFC 3339 asks for them.'],
  expired: ['error', 'It has expired. Nobody should rely on it.'],
  expires_soon: ['notification', 'It expires within 30 days. Renew it.'],
  long_expiry: ['recommendation', 'It expires in more than a year. Choose less.'],
  no_uri: [
    'error',
    'This value is not an address with its kind, such as mailto:security@example.org.',
  ],
  no_https: ['error', 'This address does not begin with https.'],
  unusual_contact: [
    'notification',
    'This Contact is neither https, mailto nor tel. Few readers can follow it.',
  ],
  no_canonical: ['recommendation', 'It is signed and has no Canonical: it may be a copy.'],
  no_canonical_match: [
    'error',
    'It names other addresses as its own than the one where it was found.',
  ],
  multi_lang: ['error', 'There is more than one Preferred-Languages. List all in one.'],
  invalid_lang: ['error', 'This is not a list of language tags such as en, fr.'],
  no_encryption: ['recommendation', 'A mail address stands here and no Encryption key for it.'],
  no_csaf_file: ['error', 'CSAF does not lead to a provider-metadata.json.'],
  multiple_csaf_fields: ['recommendation', 'There is more than one CSAF. Readers take the first.'],
  not_signed: ['recommendation', 'It is not signed.'],
  signed_format_issue: ['error', 'The lines of its clear signature are not in order.'],
  data_before_signed: ['error', 'Something stands before what is signed. Nobody signed it.'],
  data_after_sig: ['error', 'Something stands after the signature. Nobody signed it.'],
  pgp_data_error: ['error', 'What stands as its signature is none.'],
  template: ['error', 'This field still has a place to be filled in.'],
  unknown_field: ['notification', 'This field is not one of RFC 9116. Readers pass over it.'],
} as const satisfies Readonly<Record<string, readonly [FindingLevel, string]>>

export function finding(code: FindingCode, line: number): Finding {
  const [level, sentence] = SENTENCES[code]
  return { code, level, line, sentence }
}
