import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acceptClaim,
  listClaims,
  newClaimOffer,
  offerClaim,
  openCase,
  refuseClaim,
  sendMessage,
} from '#client'
import { base64OfBytes, bytesOfText, textOfBytes } from '#lexicon'
import { follow as openFollowed, saved, wordsOn } from './browser-acts.ts'
import { addPasskeyHere, comeWithKeyFile } from './browser-keys.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { everyLook } from './every-look.ts'
import { atWork, type Meddle } from './in-process.ts'
import { startMailSink } from './mail-sink.ts'
import { follow, freePort, openDesk, play, postern, queueOf, reporterFlags } from './stage.ts'
import { swaks } from './swaks.ts'

const ADDRESS = 'security@example.org'
const FROM = 'volunteer.quetzal@example.net'
const PATIENCE = { timeout: 20_000 }

type Claims = {
  readonly claims: readonly {
    readonly claim: string
    readonly state: string
    readonly attempts: number
    readonly words: string
    readonly link: string
    readonly elsewhere: boolean
  }[]
  readonly mail: { readonly envelope: string; readonly from: string }
  readonly forged: number
}
type Claimed = { readonly number: string; readonly receipt: string; readonly keyWords: string }

test('who wrote by plain mail claims the case with twelve fresh words, and reads the answer', async (t) => {
  const after = endsInTurn(t)
  const sink = await startMailSink()
  after(sink.close)
  const port = await freePort()
  const mail = ['--mail-port', String(port), '--mail-address', ADDRESS]
  const out = ['--mail-relay', `127.0.0.1:${sink.port}`]
  const desk = await openDesk(after, { more: ['--limits', 'off', ...mail, ...out] })
  const { first, server } = desk
  const send = async (from: string, subject: string) => {
    const before = sink.mails.length
    const text = [`From: <${from}>`, `To: ${ADDRESS}`, `Subject: ${subject}`, '', 'Words.', '']
    const sent = await swaks({ port, from, to: ADDRESS, mail: text.join('\n') })
    assert.equal(sent.code, '250', sent.talk)
    return linkIn((await sink.whenMails(before + 1)).at(-1)?.data ?? '')
  }
  const link = await send(FROM, 'A parser reads on')
  assert.match(link, /^http:\/\/localhost:\d+\/claim#[0-9a-f]{32}$/)
  const [row] = await queueOf(first)
  assert.ok(row)
  const others = await send('other@example.net', 'Another mail')
  const other = { link: others, claimed: await claimByCommand(others) }
  // What was said before the claim: the reporter does not read it for the claim alone.
  await answer(row.id, 'Said before the claim.')

  const browser = await openChromium(after)
  const reporter = await newPerson(browser)
  const { page } = reporter
  const member = await newPerson(browser)
  const at = member.page
  for (const each of [page, at]) each.setDefaultTimeout(20_000)
  const found: string[] = []
  const kept = { words: '', keyWords: '' }

  await t.test(
    'the link shows twelve words, and is used up by one press after they were kept',
    async () => {
      await page.goto(link)
      await page.getByRole('heading', { name: 'Claim your report', level: 1 }).waitFor()
      kept.words = await wordsOn(page, 'Your twelve words')
      assert.ok(!page.url().includes('#'), 'the code left the address')
      found.push(...(await everyLook(reporter, 'claim words')))
      const main = page.getByRole('button', { name: 'Claim this report' })
      assert.equal(await main.getAttribute('aria-disabled'), 'true')
      const text = await saved(page, () =>
        page.getByRole('button', { name: 'Save as a file' }).click(),
      )
      assert.ok(text.includes(kept.words) && text.includes(row.number))
      await page.getByLabel('I have kept the words').check()
      await main.click()
      await page.getByRole('heading', { name: 'Your claim is at the desk' }).waitFor()
      kept.keyWords = await wordsOn(page, 'Your key words')
      assert.ok(text.includes(kept.keyWords))
      found.push(...(await everyLook(reporter, 'claim sent')))
    },
  )

  await t.test('nothing of it stays in the browser, and the link is dead', async () => {
    assert.deepEqual(
      await page.evaluate('Object.keys(localStorage).concat(Object.keys(sessionStorage))'),
      [],
    )
    assert.deepEqual(await page.evaluate('indexedDB.databases()'), [])
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByRole('heading', { name: 'This link was used.' }).waitFor()
    found.push(...(await everyLook(reporter, 'claim used')))
    await page.goto('about:blank')
    await page.goto(`${server.url}/claim#${'0'.repeat(32)}`)
    await page.getByRole('heading', { name: 'This link opens nothing here.' }).waitFor()
    await page.goto('about:blank')
    await page.goto(`${server.url}/claim#cut`)
    await page.getByRole('heading', { name: 'This link is not whole.' }).waitFor()
  })

  await t.test('before a coordinator accepts it the words open nothing, and say why', async () => {
    await openFollowed(page, server.url, kept.words)
    await page.getByText('Nobody has accepted your claim yet.').waitFor()
  })

  await t.test('a server that puts its own key there, or moves a claim, is refused', async () => {
    const work = await atWork(desk, first)
    const { view, keyring } = work
    const { cases } = await view.api.call('listCases', { query: { lane: 'all' } })
    const foreign = cases.find(({ number }) => number === other.claimed.number)
    assert.ok(foreign)
    const claimsOf = (id: string) => view.api.call('listClaims', { params: { id } })
    const { claims: theirs } = await claimsOf(foreign.id)
    const { claims: ours } = await claimsOf(row.id)
    const mine = theirs[0]?.claim
    const honest = ours[0]
    assert.ok(mine && honest)
    const offered = async (id: string) => {
      const { offer } = await newClaimOffer(work, id)
      const { lookup, expires } = offer
      const sealed = base64OfBytes(offer.sealed)
      return [{ lookup, sealed, made: expires, expires, attempts: 0, settled: '' }]
    }
    const lies = {
      'an offer of a coordinator for another case': await offered(foreign.id),
      'a key without the code': [{ ...honest, claim: { ...mine, at: honest.claim?.at } }],
      'another case with its own offer': theirs,
      'another mac': [{ ...honest, claim: { ...honest.claim, mac: '0'.repeat(64) } }],
    }
    for (const [lie, claims] of Object.entries(lies)) {
      const lied = await atWork(desk, first, undefined, answering(row.id, claims))
      const within = await openCase(lied.view, row.id)
      const seen = await listClaims(lied.view, lied.keyring, within)
      assert.deepEqual([seen.claims.length, seen.forged], [0, 1], lie)
    }
    const honestly = await atWork(desk, first, undefined, answering(row.id, await offered(row.id)))
    const open = await listClaims(
      honestly.view,
      honestly.keyring,
      await openCase(honestly.view, row.id),
    )
    assert.deepEqual([open.forged, open.unused], [0, 1], 'an honest offer holds')
    const within = await openCase(view, row.id)
    const seen = await listClaims(view, keyring, within)
    assert.deepEqual([seen.claims.length, seen.forged], [1, 0], 'the honest one holds')
  })

  await t.test('a coordinator sees who claims, with what the mail said, and accepts', async () => {
    await comeWithKeyFile(at, server.url, first.key)
    await addPasskeyHere(at)
    await openCaseIn('A parser reads on')
    const notice = at.locator('.notice', { hasText: 'Somebody claims this case.' })
    await notice.waitFor()
    const text = await notice.innerText()
    assert.ok(text.includes(kept.keyWords) && text.includes(FROM), text)
    assert.match(text, /from the receipt of the mail/)
    found.push(...(await everyLook(member, 'desk claim')))
    await at.getByRole('button', { name: 'Make…' }).click()
    await at.getByRole('button', { name: 'Make the link' }).click()
    const made = (await at.locator('dialog pre.code').innerText()).trim()
    assert.match(made, /\/claim#[0-9a-f]{32}$/)
    found.push(...(await everyLook(member, 'desk link')))
    await at.getByRole('button', { name: 'Done' }).click()
    await notice.getByRole('button', { name: 'Accept the claim…' }).click()
    assert.equal(await wordsOn(at, 'Key words of the claim'), kept.keyWords)
    found.push(...(await everyLook(member, 'desk accept')))
    await at.getByRole('button', { name: 'Sign, and let them read' }).click()
    await at.getByText('The reporter claimed this case.').waitFor(PATIENCE)
    await notice.waitFor({ state: 'detached' })
    // The link of a coordinator holds too; a second claim is pointed at.
    await play<Claimed>(['claim', made, ...claimFlags()])
    await notice.waitFor(PATIENCE)
    assert.match(await notice.innerText(), /Another claim was accepted already/)
    assert.match(await notice.innerText(), /sent by Coordinator 1/)
    await notice.getByRole('button', { name: 'Refuse it…' }).click()
    await at.getByRole('button', { name: 'Refuse the claim' }).click()
    await notice.waitFor({ state: 'detached' })
  })

  await t.test(
    'the reporter reads what follows, and replies; what was said before stays closed',
    async () => {
      await answer(row.id, 'Said after the claim.')
      await openFollowed(page, server.url, kept.words)
      await shownBy(page, () => page.getByText('Said after the claim.').waitFor(PATIENCE))
      assert.equal(await page.getByText('Written before you claimed this report.').count(), 2)
      assert.equal(await page.getByText('Said before the claim.').count(), 0)
      found.push(...(await everyLook(reporter, 'followed claim')))
      await page.getByRole('textbox').first().fill('Thank you, I read it.')
      await page.getByRole('button', { name: /^(Seal and send|Send)/ }).click()
      await page.locator('.msg', { hasText: 'Thank you, I read it.' }).waitFor(PATIENCE)
      const shown = await play<{ messages: { text: string; from: string }[] }>([
        'case',
        'show',
        row.id,
        ...first.flags,
      ])
      assert.deepEqual(shown.messages.at(-1)?.text, 'Thank you, I read it.')
      assert.equal(shown.messages.at(-1)?.from, 'reporter')
    },
  )

  await t.test('after their words were read back the reporter reads the rest', async () => {
    await at.getByRole('button', { name: 'Compare key words…' }).click()
    await at.getByLabel('Key words, as they read them').fill(kept.words)
    const match = at.getByRole('button', { name: 'They match: let them read all of General' })
    await match.click()
    await at.getByText('These are not the key words of the claim.').waitFor()
    found.push(...(await everyLook(member, 'desk compare')))
    await at.getByLabel('Key words, as they read them').fill(kept.keyWords)
    await match.click()
    await at.getByText('let reporter read General').waitFor(PATIENCE)
    const { messages } = await follow(desk, kept.words)
    const texts = messages.map(({ text }) => text)
    assert.deepEqual(texts.slice(0, 2), ['Said before the claim.', 'Said after the claim.'])
  })

  await t.test('by command line the same; a used link is counted and refused', async () => {
    const url = other.link
    const { claimed } = other
    const again = await postern(['claim', url, ...claimFlags()])
    assert.equal(again.code, 2)
    assert.match(again.err, /This link was used/)
    const at = claimed.number
    const shown = await play<Claims>(['case', 'claims', at, ...first.flags])
    const [waiting] = shown.claims
    assert.ok(waiting)
    const { envelope, from } = shown.mail
    assert.deepEqual([envelope, from], ['other@example.net', '<other@example.net>'])
    assert.equal(waiting.elsewhere, false)
    assert.deepEqual([waiting.state, waiting.words], ['waiting', claimed.keyWords])
    const name = waiting.claim.slice(0, 12)
    const done = await play<Claims>(['case', 'accept-claim', at, name, ...first.flags])
    assert.equal(done.claims[0]?.state, 'reporter')
    const { number } = await follow(desk, claimed.receipt)
    assert.equal(number, at)
    const wrong = ['case', 'grant-earlier', at, '--heard', claimed.receipt, ...first.flags]
    assert.match((await postern(wrong)).err, /not the key words of the reporter/)
    const right = ['case', 'grant-earlier', at, '--heard', claimed.keyWords, ...first.flags]
    await play<Claims>(right)
    const cut = await postern(['claim', url.slice(0, -1), ...claimFlags()])
    assert.match(cut.err, /link is not whole/)
  })

  await t.test('what another coordinator refused a moment before is not accepted', async () => {
    const work = await atWork(desk, first)
    const within = await openCase(work.view, row.id)
    await claimByCommand((await offerClaim(work, row.id)).link)
    const { claims } = await listClaims(work.view, work.keyring, within)
    const late = claims.find(({ state }) => state === 'waiting')
    assert.ok(late)
    await refuseClaim(work.view, row.id, late.lookup)
    await assert.rejects(acceptClaim(work, within, late), { message: /refused this claim/ })
    const after = await openCase(work.view, row.id)
    assert.equal(after.fold.reporter.who, within.fold.reporter.who)
  })

  assert.deepEqual(found, [])
  assert.deepEqual(reporter.complaints, [])
  assert.deepEqual(member.complaints, [])
  assert.deepEqual([...reporter.hosts], [new URL(server.url).host])

  async function answer(id: string, text: string): Promise<void> {
    const work = await atWork(desk, first)
    await sendMessage(work, await openCase(work.view, id), 'all', { text, files: [] })
  }

  function claimByCommand(url: string): Promise<Claimed> {
    return play<Claimed>(['claim', url, ...claimFlags()])
  }

  function claimFlags(): readonly string[] {
    return reporterFlags(desk).slice(2)
  }

  async function openCaseIn(title: string): Promise<void> {
    await shownBy(at, async () => {
      await at
        .getByRole('link', { name: /^Queue/ })
        .first()
        .click(PATIENCE)
      await at.getByRole('link', { name: title }).first().click(PATIENCE)
      await at.getByRole('heading', { name: title, level: 1 }).waitFor(PATIENCE)
    })
  }
})

/** The link as a mail program would show it. */
function linkIn(mail: string): string {
  return /https?:\/\/\S+\/claim#\S+/.exec(mail)?.[0] ?? ''
}

/** A server that answers the question for claims with these. */
function answering(id: string, claims: unknown): Meddle {
  return async (request, go) => {
    const answer = await go()
    if (request.path !== `/api/v1/cases/${id}/claims`) return answer
    assert.ok(textOfBytes(answer.body).includes('claims'))
    return { ...answer, body: bytesOfText(JSON.stringify({ claims })) }
  }
}
