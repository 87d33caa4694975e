import type { Directory } from '#seal'
import type { Schema, Transaction } from '#store'

/**
 * The folded desk chain as it stands now, inside the transaction where one is given; `undefined`
 * before the desk is set up. The identity room keeps it; other rooms get it as an argument.
 */
export type CurrentDirectory = (tx?: Transaction<Schema>) => Promise<Directory | undefined>
