import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hrefOf, routeOf } from './router.ts'

const id = 'ab'.repeat(32)

test('every address of the desk is read and written back as it was', () => {
  for (const address of [
    '/desk',
    '/desk?lane=mine',
    '/desk?lane=waiting&sort=invalid',
    `/desk/case/${id}`,
    `/desk/case/${id}?thread=desk`,
    `/desk/case/${id}?thread=p-example-lib`,
    '/desk/people',
    '/desk/own',
    '/desk/mail',
    '/desk/search',
  ])
    assert.equal(hrefOf(routeOf(address)), address)
})

test('what is no place of the desk is lost, never a guess', () => {
  for (const address of [
    '/',
    '/report',
    '/desk/case',
    '/desk/case/12',
    `/desk/case/${id.toUpperCase()}`,
    `/desk/case/${id}/more`,
    '/desk/people/1',
    '/desk/valve',
  ])
    assert.equal(routeOf(address).page, 'lost', address)
})

test('unknown lanes, sorts and threads fall back to the whole', () => {
  assert.deepEqual(routeOf('/desk?lane=x&sort=y'), { page: 'queue', lane: 'all', sort: '' })
  assert.deepEqual(routeOf(`/desk/case/${id}?thread=<b>`), { page: 'case', id, thread: 'all' })
})

test('a typed text never becomes part of an address', () => {
  assert.equal(hrefOf(routeOf('/desk/search?q=secret')), '/desk/search')
})
