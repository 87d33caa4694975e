/*
 * What a stranger may write into every field (R38, R46). Each would call `pwned` if any page took it for
 * more than text. The foreign host resolves to this machine, so that a mistake stays here.
 */

const FOREIGN = '//attacker.localhost/pwned'

export const LAST = 'The last line of this text.'

export const PAYLOADS: readonly string[] = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror=window.pwned=1>',
  '<svg onload=window.pwned=1><a xlink:href="javascript:window.pwned=1"><text>x</text></a></svg>',
  '<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s></svg>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<template><img src=x onerror=window.pwned=1></template>',
  '<form action=javascript:pwned=1><button formaction=javascript:pwned=1 autofocus>x</button></form>',
  `<base href=${FOREIGN}><link rel=stylesheet href=${FOREIGN}.css>`,
  `<meta http-equiv=refresh content="0;url=${FOREIGN}">`,
  '<object data="data:text/html,<script>parent.pwned=1</script>"></object><embed src=javascript:pwned=1>',
  `<style>@import "${FOREIGN}.css";*{background:url(${FOREIGN}.png)}</style>`,
  '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=window.pwned=1>">',
  '<details open ontoggle=window.pwned=1><summary>x</summary></details><marquee onstart=pwned=1>',
  `<video poster=${FOREIGN} src=x onerror=window.pwned=1></video><audio src=x onerror=pwned=1>`,
  '<a href="javascript:window.pwned=1" target=_self download>x</a>',
  '"><script>window.pwned=1</script>',
  "' autofocus onfocus='window.pwned=1' onmouseover='window.pwned=1",
  '</textarea></title></noscript><script>window.pwned=1</script>',
  'javascript:window.pwned=1',
  'JaVa\tScRiPt:window.pwned=1',
  '\u0001javascript:window.pwned=1',
  'javascript://example.org/%0awindow.pwned=1',
  'data:text/html,<script>parent.pwned=1</script>',
  'vbscript:msgbox("pwned")',
  'blob:http://attacker.localhost/pwned',
  `${FOREIGN}"onmouseover="window.pwned=1`,
  '&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;img src=x onerror=pwned=1&#62; &copy; &nosuch;',
  'java&#x73;cript&colon;window.pwned=1 &Tab;&NewLine;javascript&#58;pwned=1',
  '%3Cscript%3Ewindow.pwned=1%3C/script%3E',
  '{{constructor.constructor("pwned=1")()}} ${pwned=1} <%= pwned=1 %> {%pwned%}',
  '\uff1cscript\uff1ewindow.pwned=1\uff1c/script\uff1e \u02ba onerror\uff1dpwned',
  'report\u202efdp.exe \u2066pwned\u2069 zero\u200bwidth \ufeffmark \u00adhyphen \u{e0041}tag',
  'null\u0000byte \u0008back \u001b[31mred\u0007 \u009bpwned',
  'line\u2028window.pwned=1\u2029</script><script>pwned=1</script>',
  '__proto__',
  'constructor',
  'hasOwnProperty toString valueOf __defineGetter__ pwned',
  `${'A'.repeat(3000)}<b onclick=window.pwned=1>`,
]

/** Where in a Markdown text a payload may stand. */
const CONTEXTS: readonly ((payload: string, n: number) => string)[] = [
  (p) => p,
  (p) => `\`${p}\` and \`\` ${p} \`\``,
  (p) => `\`\`\`html\n${p}\n\`\`\``,
  (p) => `\`\`\`${p.replaceAll('`', '')}\ninside\n\`\`\``,
  (p) => `    ${p}`,
  (p) => `## ${p}`,
  (p) => `${p}\n===`,
  (p) => `- ${p}\n  1. ${p}`,
  (p) => `> ${p}`,
  (p) => `[${p}](http://example.org/)`,
  (p) => `[target](<${p}>) [bare](${p})`,
  (p) => `[titled](http://example.org/ "${p.replaceAll('"', "'")}")`,
  (p) => `<${p}>`,
  (p) => `![${p}](${p}) ![picture](<${p}>) ![](http:${FOREIGN}.png)`,
  (p, n) => `[one][r${n}] ![two][r${n}] [r${n}]\n\n[r${n}]: <${p}> "${p.replaceAll('"', "'")}"`,
  (p, n) =>
    `[said ${n}][${p.replaceAll(/[[\]]/g, '')}]\n\n[${p.replaceAll(/[[\]]/g, '')}]: ${FOREIGN}`,
  (p) => `<div>\n${p}\n</div>`,
  (p) => `within a line <b>${p}</b> and after`,
  (p) => `| ${p} | b |\n| --- | --- |\n| ${p} | ${p} |`,
  (p, n) => `note[^${n}]\n\n[^${n}]: ${p}`,
  (p) => `**${p}** _${p}_ ~~${p}~~ ***${p}***`,
  (p) => [...p].map((sign) => `&#${sign.codePointAt(0) ?? 0};`).join(''),
  (p) => [...p].map((sign) => (/[!-/:-@[-`{-~]/.test(sign) ? `\\${sign}` : sign)).join(''),
]

/** One text for each context, with every payload in it; each begins with a title that attacks as well. */
export const TEXTS: readonly string[] = PAYLOADS.map((title, n) => {
  const context = CONTEXTS[n % CONTEXTS.length] ?? String
  const blocks = PAYLOADS.map((payload, at) => {
    const line = payload.length > 500 ? payload.slice(-500) : payload
    return `${markOf(at)}\n\n${context(line, at)}`
  })
  return `# ${title}\n\n${blocks.join('\n\n')}\n\n${LAST}\n`
})

/** Stands before each payload, so that it can be seen that all of a text was shown. */
export function markOf(at: number): string {
  return `Payload number ${at}.`
}

/** Names that a form gives away as they are; those with line ends or folders come from programs. */
export const FILE_NAMES: readonly string[] = [
  '<img src=x onerror=window.pwned=1>.html',
  '"><svg onload=pwned=1>.svg',
  'invoice\u202efdp.js',
  "' onclick='pwned=1'.pdf",
  '../../../etc/pwned.html',
  'C:\\windows\\pwned.exe',
  '__proto__',
  '.hidden\u200bpwned',
  'javascript:pwned=1',
  `${'long'.repeat(60)}.pwned`,
]

/** What would run if a browser ever opened it as ours. */
export const ACTIVE_FILES: readonly {
  readonly name: string
  readonly mimeType: string
  readonly text: string
}[] = [
  { name: 'page.html', mimeType: 'text/html', text: '<script>opener.pwned=1</script>' },
  {
    name: 'picture.svg',
    mimeType: 'image/svg+xml',
    text: '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=1"/>',
  },
  {
    name: 'paper.pdf',
    mimeType: 'application/pdf',
    text: '%PDF-1.4 /OpenAction /JS (app.alert(1))',
  },
  { name: 'worker.js', mimeType: 'text/javascript', text: 'self.pwned=1' },
  {
    name: 'a"\r\nContent-Type: text/html\r\n\r\n../\u202elmth.txt',
    mimeType: 'text/html',
    text: 'x',
  },
]
