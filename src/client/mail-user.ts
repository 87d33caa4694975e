import { isWithinDomain } from '#lexicon'
import type { DirectoryState } from '#seal'
import type { Api } from './api.ts'

/**
 * Whom the desk's next mail key names: the desk, and the address that the server takes mail for, if that
 * is of the domain which the desk's people signed. Which address it is only the server knows; a false one
 * makes a key that is not found by its address, and gives nobody another key (decision 0023).
 */
export async function mailUser(
  api: Api,
  { name, domain }: Pick<DirectoryState, 'name' | 'domain'>,
): Promise<{ readonly name: string; readonly email: string } | undefined> {
  const { mail } = await api.call('readDesk', {})
  const at = mail.lastIndexOf('@')
  if (at < 0 || !isWithinDomain(mail.slice(at + 1), domain)) return undefined
  // A name that holds an address would be read as a second one.
  const plain = /^[^\p{Cc}<>()@"\\,;:]{1,200}$/u.test(name)
  return { name: plain ? name : 'postern', email: mail }
}
