export * from './valve-error.ts'
export type * from './valve-deps.ts'
export { keepDocuments, lackingOf, placeDraft, readDrafts, readStored } from './document-store.ts'
export * from './released-documents.ts'
