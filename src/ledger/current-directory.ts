import type { Directory } from '#seal'
import type { Kysely, Schema } from '#store'

/**
 * The folded desk chain as it stands now, as `db` sees it where one is given (a transaction, above all);
 * `undefined` before the desk is set up. The identity room keeps it; other rooms get it as an argument.
 */
export type CurrentDirectory = (db?: Kysely<Schema>) => Promise<Directory | undefined>
