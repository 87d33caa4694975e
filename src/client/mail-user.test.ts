import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText } from '#lexicon'
import { createApi } from './api.ts'
import { mailUser } from './mail-user.ts'

/** A server that says this of its mail. */
function serverSaying(mail: string) {
  const facts = {
    state: 'open',
    name: 'Another',
    domain: 'evil.example',
    mail,
    server: '0'.repeat(64),
  }
  const body = bytesOfText(JSON.stringify(facts))
  return createApi({
    origin: 'https://desk.example',
    send: () => Promise.resolve({ status: 200, body }),
  })
}

const desk = { name: 'Test Foundation', domain: 'example.org' }

test('the mail key names the address that the server takes mail for, and the desk by its signed name', async () => {
  const email = 'security@example.org'
  assert.deepEqual(await mailUser(serverSaying(email), desk), { name: 'Test Foundation', email })
  const below = 'report@security.example.org'
  assert.equal((await mailUser(serverSaying(below), desk))?.email, below)
})

test('an address of another domain than the signed one is not named', async () => {
  for (const mail of [
    '',
    'security@evil.example',
    'security@notexample.org',
    'security@example.org.evil.example',
  ])
    assert.equal(await mailUser(serverSaying(mail), desk), undefined, mail)
})

test('a name that could be read as an address is left out', async () => {
  for (const name of ['Evil <a@evil.example>', 'a@b', 'two\nlines', 'x'.repeat(201), ''])
    assert.equal(
      (await mailUser(serverSaying('a@example.org'), { ...desk, name }))?.name,
      'postern',
    )
})
