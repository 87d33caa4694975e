export * from './github.ts'
export * from './survey-error.ts'
export * from './survey-repository.ts'
