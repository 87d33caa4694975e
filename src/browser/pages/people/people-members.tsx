import { useState } from 'preact/hooks'
import type { MemberShown, MeShown } from '#worker'
import { useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { TrustMark } from '../../parts/trust-mark.tsx'
import { day, dayAndTime } from '../../time-words.ts'
import { visibleLine } from '../../visible-text.ts'
import { CompareDialog } from './people-compare.tsx'
import { RevokeDialog } from './people-revoke.tsx'
import { RolesDialog } from './people-roles.tsx'
import { settleQuietly } from './people-state.ts'
import { rolesWords } from './people-words.ts'

type Doing = { readonly what: 'compare' | 'roles' | 'revoke'; readonly member: MemberShown }

export function MemberTable(props: {
  readonly members: readonly MemberShown[]
  readonly me: MeShown
}) {
  const { me, members } = props
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const begin = (what: Doing['what'], member: MemberShown) => setDoing({ what, member })
  return (
    <>
      <div class="table-wrap">
        <table class="fold">
          <thead>
            <tr>
              <th>Handle</th>
              <th>Role</th>
              <th>Key</th>
              <th>Member since</th>
              <th>Admitted by</th>
              <th>
                <span class="sr">What you can do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <tr key={member.who}>
                <th scope="row">
                  <bdi>{visibleLine(member.name)}</bdi>
                  {member.who === me.who && <span class="faint"> you</span>}
                </th>
                <td data-l="Role:">{member.active ? rolesWords(member.roles) : 'left'}</td>
                <td>
                  <TrustMark
                    trust={member.trust}
                    by={member.trust === 'vouched' ? admitter(member) : undefined}
                  />
                </td>
                <td class="nowrap" data-l="Member since:">
                  <time dateTime={member.since} title={dayAndTime(member.since)}>
                    {day(member.since)}
                  </time>
                </td>
                <td data-l="Admitted by:">{visibleLine(admitter(member))}</td>
                <td class="num nowrap">
                  <MemberActs member={member} me={me} onBegin={begin} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        {doing?.what === 'compare' && (
          <CompareMember
            me={me}
            member={doing.member}
            onClose={close}
            onRevoke={() => begin('revoke', doing.member)}
          />
        )}
        {doing?.what === 'roles' && <RolesDialog member={doing.member} onClose={close} />}
        {doing?.what === 'revoke' && <RevokeDialog me={me} member={doing.member} onClose={close} />}
      </div>
    </>
  )
}

function admitter({ admittedBy }: MemberShown): string {
  return admittedBy === 'root' ? 'the root' : admittedBy
}

function MemberActs(props: {
  readonly member: MemberShown
  readonly me: MeShown
  readonly onBegin: (what: Doing['what'], member: MemberShown) => void
}) {
  const { member, me, onBegin } = props
  if (!member.active) return null
  const name = visibleLine(member.name)
  const mine = member.who === me.who
  const sure = member.trust === 'compared'
  return (
    <>
      {!mine && (
        <Button kind={sure ? 'link' : 'plain'} onPress={() => onBegin('compare', member)}>
          {sure ? 'Compare again…' : 'Compare…'}
          <span class="sr"> with {name}</span>
        </Button>
      )}{' '}
      {me.coordinator && (
        <Menu
          label={
            <>
              More<span class="sr"> for {name}</span>
            </>
          }
        >
          <div>
            <Button kind="quiet" wide onPress={() => onBegin('roles', member)}>
              Change roles…
            </Button>
          </div>
          <div>
            <Button kind="quiet" wide onPress={() => onBegin('revoke', member)}>
              End the key…
            </Button>
          </div>
        </Menu>
      )}
    </>
  )
}

function CompareMember(props: {
  readonly me: MeShown
  readonly member: MemberShown
  readonly onClose: () => void
  readonly onRevoke: () => void
}) {
  const { member, me } = props
  const act = useAct()
  const name = visibleLine(member.name)
  return (
    <CompareDialog
      name={member.name}
      keyWords={member.keyWords}
      act={act}
      matchLabel="The words match"
      onMatch={(met) =>
        act.run('Signing that they match', async () => {
          const how = met === 'seen' ? 'seen' : 'words'
          settleQuietly(
            await ask('noteCompared', { who: member.who, how }),
            `${name} is verified on this machine.`,
          )
          props.onClose()
        })
      }
      onClose={props.onClose}
      differ={
        <>
          <p>
            If they still differ, somebody may stand between you and {name}: the key that you see is
            not the one on their machine.
          </p>
          <ol>
            <li>Write nothing to {name} through the desk, and add them to no case.</li>
            <li>
              Ask another coordinator to compare as well. If they see other words than you, this
              server shows two pasts: save what you see and tell the operator.
            </li>
            <li>
              If everybody sees these words and {name} does not, end this key and invite {name}{' '}
              again, in one room if you can.
            </li>
          </ol>
          {me.coordinator && (
            <div class="line">
              <Button kind="grave" onPress={props.onRevoke}>
                End this key…
              </Button>
            </div>
          )}
        </>
      }
    />
  )
}
