import * as o from 'openpgp'
import * as p from '#seal'
import * as u from '#unseal'
import { base64OfBytes } from '#lexicon'
const { privateKey } = await o.generateKey({ type:'curve25519', userIDs:[{name:'postern'}], format:'object', date: new Date(Date.now()+300*1000), config: p.PROFILE_V6 }) as any
const pub = privateKey.toPublic()
for (const d of [undefined, null]) {
try { await pub.verifyPrimaryKey(d as any, undefined, p.PROFILE_V6); await pub.getEncryptionKey(undefined, d as any, undefined, p.PROFILE_V6); console.log('verify ok', d, await pub.getExpirationTime(undefined, p.PROFILE_V6)) } catch (e:any) { console.log('verify', d, e.message) }
try { const m = await o.createMessage({binary:new Uint8Array(3), date:new Date(0)}); const e = await o.encrypt({message:m, encryptionKeys: pub, format:'binary', date: d as any, config: p.PROFILE_V6}); console.log('encrypt ok', d);
 const mm = await o.readMessage({binaryMessage: e as any, config:p.PROFILE_V6}); for (const dd of [undefined,null]) try { const r = await mm.decrypt([privateKey], undefined, undefined, dd as any, p.PROFILE_V6); console.log('decrypt ok', dd) } catch (e:any) {console.log('decrypt', dd, e.message)} } catch (e:any) { console.log('encrypt', d, e.message) }
}
const k = await u.newSecretKey(); const t=performance.now(); await (k.key.keyPacket as any).validate(); await (k.key.subkeys[0]!.keyPacket as any).validate(); console.log('validate', performance.now()-t)
const m = await u.newMailKey(); await (m.key.keyPacket as any).validate(); await (m.key.subkeys[0]!.keyPacket as any).validate()
let bad=0, all=0; for (const kk of [k,m]) for (let i=0;i<kk.secret.length;i++) { const b = kk.secret.slice(); b[i]! ^= 1; try { const q = await u.readSecretKey(b); if (q.cert!==kk.cert || !Buffer.from(q.key.write()).equals(Buffer.from(b))) continue; all++; for (const x of [q.key.keyPacket, ...q.key.subkeys.map(s=>s.keyPacket)]) await (x as any).validate(); console.log('still', i, (q.key as any).isDecrypted()); bad++ } catch (e) {} }
console.log({all,bad})
