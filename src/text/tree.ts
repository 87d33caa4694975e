/*
 * A stranger's text as plain data: this list and nothing else. All strings are as the stranger typed them;
 * whoever shows one makes its hidden characters visible (R46).
 */
export type Piece =
  | string
  | { readonly is: Holder; readonly inner: Tree }
  | { readonly is: 'ol'; readonly start: number; readonly inner: Tree }
  /** `url` as it was typed; it leads to a page or a mailbox. */
  | { readonly is: 'link'; readonly url: string; readonly inner: Tree }
  | { readonly is: 'code' | 'pre'; readonly text: string }
  | { readonly is: 'picture'; readonly alt: string; readonly url: string }
  | { readonly is: 'hr' | 'br' }

/** What only holds other pieces. `span` has no look of its own. */
export type Holder =
  | 'p'
  | 'heading'
  | 'em'
  | 'strong'
  | 'del'
  | 'blockquote'
  | 'ul'
  | 'li'
  | 'span'
  /** Holds rows, the first of which names the columns; these hold `th` or `td`. */
  | 'table'
  | 'tr'
  | 'th'
  | 'td'

export type Tree = readonly Piece[]
