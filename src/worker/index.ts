export type * from './operations.ts'
export type * from './shown.ts'
export type * from './mail-plan-shown.ts'
