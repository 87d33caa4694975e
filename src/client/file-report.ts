import type { DeskView } from './desk-view.ts'
import type { FiledReport } from './post-report.ts'
import {
  attachToDraft,
  type DraftDeps,
  fileDraft,
  openReportDraft,
  type ReportWords,
} from './report-draft.ts'
import type { Progress, Source } from './upload.ts'

export type NewReport = ReportWords & { readonly files: readonly Source[] }
export type ReportDeps = DraftDeps & { readonly progress: Progress }

/** Seals a report on this machine and files it, with its files one after another. See `fileDraft`. */
export async function fileReport(
  view: DeskView,
  deps: ReportDeps,
  { files, ...words }: NewReport,
): Promise<FiledReport> {
  const draft = await openReportDraft(view, deps)
  for (const file of files) await attachToDraft(draft, file, deps.progress)
  return fileDraft(draft, words)
}
