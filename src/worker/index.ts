export type * from './operations.ts'
export type * from './shown.ts'
