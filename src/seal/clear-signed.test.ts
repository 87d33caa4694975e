import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base64OfBytes } from '#lexicon'
import { clearSign } from './clear-sign.ts'
import { demandClearSigned, looksClearSigned } from './clear-signed.ts'
import { newMailKey } from './unseal.ts'

const TEXT = 'Contact: mailto:security@example.org\nExpires: 2027-05-01T00:00:00Z\n- a dash\n'

test('what the desk’s mail key signed is told from everything else', async () => {
  const own = await newMailKey()
  const other = await newMailKey()
  const certificate = (key: typeof own) => base64OfBytes(new Uint8Array(key.key.toPublic().write()))
  const mail = [certificate(own)]
  const signed = await clearSign(TEXT, own, Date.now())
  await demandClearSigned(signed, mail)
  await demandClearSigned(signed, [certificate(other), ...mail])
  const foreign = await clearSign(TEXT, other, Date.now())
  for (const [what, text] of Object.entries({
    unsigned: TEXT,
    'signed by somebody': foreign,
    'another text': signed.replace('security@', 'thief@'),
    'words before it': `Contact: mailto:thief@example.org\n${signed}`,
    'words after it': `${signed}Contact: mailto:thief@example.org\n`,
    'words as a header': signed.replace('Hash:', 'Contact: mailto:thief@example.org\nHash:'),
    'two of them': signed + signed,
    'a signature of others':
      signed.slice(0, signed.indexOf('-----BEGIN PGP SIGNATURE')) +
      foreign.slice(foreign.indexOf('-----BEGIN PGP SIGNATURE')),
  }))
    await assert.rejects(demandClearSigned(text, mail), { code: 'clear-sign' }, what)
  await assert.rejects(demandClearSigned(signed, []), { code: 'clear-sign' })
  assert.ok(looksClearSigned(`a\n${signed}`))
  assert.ok(!looksClearSigned(TEXT))
})
