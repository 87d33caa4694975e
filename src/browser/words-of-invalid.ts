/** What is usually closed as no vulnerability, so that nobody writes it up in vain. The desk's canned replies name the same. */
export const NO_VULNERABILITY: readonly { readonly title: string; readonly says: string }[] = [
  {
    title: 'A header or flag is missing',
    says: 'X-Frame-Options, CSP, HSTS or a cookie flag, where nobody logs in.',
  },
  {
    title: 'Mail records of a domain',
    says: 'SPF, DKIM or DMARC, without a forged mail that arrived.',
  },
  {
    title: 'A format that is known to run code',
    says: 'Loading a pickle, a model or a notebook from somebody else.',
  },
  {
    title: 'What a scanner printed',
    says: 'A list, or a version number, that nobody tried out.',
  },
  {
    title: 'You can harm only yourself',
    says: 'Your own arguments, your own files, your own account.',
  },
  {
    title: 'A known CVE in a dependency',
    says: 'Without a way to reach it through our code.',
  },
  {
    title: 'A crash on strange input',
    says: 'In a program that only its own user feeds, and nothing more follows.',
  },
  {
    title: 'What is public on purpose',
    says: 'File listings, version banners, keys of a test suite.',
  },
]
