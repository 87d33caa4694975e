import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { connectionAs, type AdminLogin } from './admin-login.ts'

function seen(admin: AdminLogin): Record<string, unknown> {
  const client = new pg.Client(connectionAs(admin, 'x_desk', 'p+w &?', '-c lock_timeout=10s'))
  const { host, port, user, database, password } = client
  const options: unknown = Reflect.get(
    Reflect.get(client, 'connectionParameters') as object,
    'options',
  )
  return { host, port, user, database, password, options }
}

const room = { user: 'x_desk', password: 'p+w &?', options: '-c lock_timeout=10s' }

test('a room uses the server of its owner under its own name, whatever the form of the URL', () => {
  const tcp = { host: 'db.example.org', port: 5433, database: 'x', ...room }
  assert.deepEqual(seen('postgres://owner:pass@db.example.org:5433/x'), tcp)
  assert.deepEqual(seen('postgresql://db.example.org:5433/x?user=owner&password=pass'), tcp)
  const socket = { host: '/run/postgresql', port: 5432, database: 'x', ...room }
  assert.deepEqual(seen('postgresql:///x?host=/run/postgresql'), socket)
  assert.deepEqual(seen('postgresql://owner@/x?host=/run/postgresql'), socket)
  assert.deepEqual(seen({ host: '/run/postgresql', user: 'owner', database: 'x' }), socket)
})

test('options of the operator stay, and ours count after them', () => {
  const { options } = seen('postgres://db.example.org/x?options=-c%20lock_timeout%3D1s')
  assert.equal(options, '-c lock_timeout=1s -c lock_timeout=10s')
})
