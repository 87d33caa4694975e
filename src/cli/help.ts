const TEXT = `postern, the command line of a sealed security desk

For reporters, without an account:
  report --to URL --text FILE|- [--attach FILE]… [--project NAME] [--kind KIND]
         [--name NAME] [--contact HOW] [--pgp-key FILE] [--desk ID]
  report --to URL --resume
  follow --to URL --receipt "twelve words" [--reply FILE|-] [--attach FILE]…
  claim LINK [--desk ID]
  mail key --to URL [--desk ID]

For everybody, about a directory of projects (a file is YAML or JSON):
  directory find WORDS (--to URL | --in FILE)
  directory export --to URL --out FILE
  directory check FILE
  directory diff BEFORE AFTER
  directory survey PATH|URL… [--in FILE] [--project ID] [--organisation PATH|URL]
         [--allow-host HOST]… [--github]

For members, with --to URL --as KEYFILE (and --root to sign about people with the desk’s root words):
  queue [--all]
  case show|ack ID
  case reply|note ID --text FILE|- [--attach FILE]… [--project NAME]
  case reply ID --text FILE|- --close
  case reply ID --text FILE|- --mail auto|pgp|plain|notice|none
  case mail ID
  case key ID new|old
  case take ID [MEMBER|--nobody]
  case sort ID SORT
  case state ID open|waiting|closed|archived
  case title ID TITLE
  case link ID duplicate-of|part-of|see OTHER
  case add|remove ID MEMBER [--project NAME]
  case route ID --project NAME… [--from now|beginning] [--quote]
  case project ID not-looked|looking|affected|not-affected|fixed --project NAME [--text FILE|- [--general]]
  case close ID --reason TEXT
  case free ID
  case bin ID --reason TEXT
  case claims|claim-link ID
  case accept-claim|refuse-claim ID CLAIM
  case grant-earlier ID --heard "twelve words"
  case get ID ATTACHMENT|MAIL -o FILE
  case export ID -o DIR
  case assess --text FILE|- [--title TITLE] [--attach FILE]…
  member list
  member invite --role ROLE [--note TEXT]
  member accept --to URL --invitation "twelve words" --name N --key-out FILE
  member admit NAME [--met words|seen|none]
  member compare NAME --met words|seen
  member approve ID
  member roles NAME --role ROLE
  member revoke|grant NAME
  member rotate --key-out FILE
  member address EMAIL
  member notices once|daily|mute
  member device
  directory import FILE
  directory release [--yes DRAFT [--replaces ID]]
  desk show|beat|renew|restored
  release FILE --path PATH [--licence L] [--not-before TIME] [--replaces ID]
  release list (without a key file)
  release show ID|PATH [--out FILE]
  release approve ID --sha256 HASH
  release withdraw ID|PATH
  securitytxt sign [--url URL] [--expires DATE] [--canonical URL]… [--contact URI]… [--out FILE] [--yes]

For anybody:
  securitytxt check FILE|URL
  publish verify DIR [--desk ID] [--head ID]

For operators:
  init --name N --domain D --coordinator EMAIL --key-out FILE (--data DIR | --to URL --setup SECRET)
  serve --data DIR [--host H] [--port P] [--url URL] [--database-url URL]
  backup FILE --data DIR · restore FILE --data DIR · verify --data DIR · doctor --data DIR
  publish build --out DIR --data DIR
  mail queue --data DIR · mail test [--to ADDRESS] --data DIR · mail import PATH --data DIR

An ID is a case number such as 2026-7F3KQ, a case id, or its first digits. --json prints for programs.
The passphrase of a key file comes from POSTERN_PASSPHRASE or is asked.
Exit codes: 0 done, 2 usage, 3 the desk cannot be reached, 4 not found or not allowed, 5 a check failed.
`

export async function help(): Promise<void> {
  await Promise.resolve()
  process.stdout.write(TEXT)
}
