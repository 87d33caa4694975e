export { PublicationError, type PublicationErrorCode } from './publication-error.ts'
export type { Finding, FindingCode, FindingLevel } from './security-txt/finding.ts'
export { LARGEST_SECURITY_TXT } from './security-txt/read-security-txt.ts'
export {
  type Checked,
  checkSecurityTxt,
  type Circumstances,
} from './security-txt/check-security-txt.ts'
export { type SecurityTxtSettings, writeSecurityTxt } from './security-txt/write-security-txt.ts'
export { html, Markup } from './pages/markup.ts'
export { pageFrame, shellWord } from './pages/page-frame.ts'
export { PARTS } from './pages/tree-page.ts'
export * from './tree.ts'
export { publishTree } from './publish-tree.ts'
export { type BrokenLink, brokenLinks } from './broken-links.ts'
export { renewalAlarm } from './security-txt/renewal-alarm.ts'
export { markdownAsRead } from './markdown-as-read.ts'
export { markdownFault } from './markdown-bounds.ts'
