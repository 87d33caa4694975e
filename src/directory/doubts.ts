import { isRoleAddress } from './address.ts'
import type { Change } from './difference.ts'
import type { Project } from './project.ts'

/** What is in good form and still worth a person’s look, in sentences. */
export function doubtsOf(projects: readonly Project[]): readonly Change[] {
  return projects.flatMap((project) =>
    [...doubts(project)].map((says) => ({ project: project.id, says })),
  )
}

function* doubts({ id, name, channels, says }: Project): Generator<string> {
  for (const { kind, value, personal } of [
    ...channels,
    ...says.map((one) => ({ ...one, personal: false })),
  ])
    if (value.includes('@') && !personal && !isRoleAddress(value, [id, name]))
      yield `${kind} ${value} may be the address of a person. If it is, mark it as personal with their consent, or leave it out.`
  if (channels[0]?.kind === 'tracker')
    yield 'The first channel is public: nothing confidential goes there.'
}
