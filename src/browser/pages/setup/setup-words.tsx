import { KeepWords } from '../ceremony/keep-words.tsx'

/** The desk's root. It is made once, and nobody can make it again. */
export function RootWords(props: { readonly words: string; readonly onKept: () => void }) {
  return (
    <KeepWords
      key="root"
      title="The root of the desk: twelve words"
      lead="They sign who belongs to this desk. You see them once, now, and never again."
      label="Root words"
      words={props.words}
      goOn="These are the root words"
      onKept={props.onKept}
    >
      <ul>
        <li>
          <b>Write them down twice</b>, on two papers, in order, with the numbers. Not as a photo,
          not in a note on your phone.
        </li>
        <li>
          <b>Two people keep them</b>: you and one more, such as a board member, each where a
          passport would be.
        </li>
        <li>
          You need them soon: they admit the second coordinator, and later whoever comes when fewer
          than two are left. No vault and no file holds them. They open no report: who finds the
          paper can add people to the desk, and everybody would see it.
        </li>
        <li>
          If both papers are lost and fewer than two coordinators are left, nobody can join this
          desk again.
        </li>
      </ul>
    </KeepWords>
  )
}

/** The first coordinator's own. */
export function RecoveryWords(props: { readonly words: string; readonly onKept: () => void }) {
  return (
    <KeepWords
      key="recovery"
      title="Your recovery words"
      lead="They open your keys when your passkey cannot. This is the only time you see them."
      label="Your recovery words"
      words={props.words}
      goOn="These are my recovery words"
      onKept={props.onKept}
    >
      <RecoveryRules />
    </KeepWords>
  )
}

/** The same three rules wherever recovery words are shown. */
export function RecoveryRules() {
  return (
    <ul>
      <li>On paper, in order, with the numbers. Not as a photo, not in a note on your phone.</li>
      <li>Keep them where you keep a passport, and apart from the device with your passkey.</li>
      <li>
        Together with your passkey they open every case that you can read. Alone they need another
        coordinator, who must release them first.
      </li>
    </ul>
  )
}
