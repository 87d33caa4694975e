/** A wall with a small door, off centre. The name stands beside it, so it is silent. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path
        fill-rule="evenodd"
        d="M2 22V3h5v3h2.5V3h5v3H17V3h5v19zM12.5 22h6v-6.2a3 3 0 0 0-6 0z"
      />
    </svg>
  )
}
