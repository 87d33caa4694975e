export * from './safe-link.ts'
export type * from './tree.ts'
