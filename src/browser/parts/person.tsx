import type { PersonShown } from '#worker'
import { visibleLine } from '../visible-text.ts'
import { TrustMark } from './trust-mark.tsx'

export type PersonNameProps = { readonly person: PersonShown; readonly you?: boolean | undefined }

/** A handle, bold. A changed key is never shown without saying so. */
export function PersonName({ person, you = false }: PersonNameProps) {
  return (
    <span class="person">
      <b>
        <bdi>{visibleLine(person.name)}</bdi>
      </b>
      {(you || person.trust === 'own') && <span class="faint"> you</span>}
      {person.trust === 'changed' && (
        <>
          {' '}
          <TrustMark trust="changed" />
        </>
      )}
    </span>
  )
}

/** Who can read: name and how sure we are of the key. */
export function PeopleList({ people }: { readonly people: readonly PersonShown[] }) {
  return (
    <ul class="rows">
      {people.map((person) => (
        <li key={`${person.who} ${person.name}`}>
          <span>
            <bdi>{visibleLine(person.name)}</bdi>
            {person.trust === 'own' && <span class="faint"> you</span>}
          </span>
          <TrustMark trust={person.trust} />
        </li>
      ))}
    </ul>
  )
}
