/** What is asked of GitHub. Only an answer that says so is an answer: everything else is `unknown`. */
export type Github = {
  readonly privateReporting: (repository: string) => Promise<'on' | 'off' | 'unknown'>
}

/** How a request goes out: given, so that tests bring recorded answers. */
export type Ask = (
  url: string,
  headers: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly body: string }>

/** GitHub’s API, version 2022-11-28. The token, if any, goes to api.github.com and nowhere else. */
export function createGithub(ask: Ask, token: string): Github {
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'user-agent': 'postern',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  }
  return {
    privateReporting: async (repository) => {
      const name = /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)$/.exec(repository)?.[1]
      if (name === undefined) return 'unknown'
      try {
        const url = `https://api.github.com/repos/${name}/private-vulnerability-reporting`
        const { status, body } = await ask(url, headers)
        if (status !== 200 || body.length > 10_000) return 'unknown'
        const read: unknown = JSON.parse(body)
        if (typeof read !== 'object' || read === null || !('enabled' in read)) return 'unknown'
        return read.enabled === true ? 'on' : read.enabled === false ? 'off' : 'unknown'
      } catch {
        return 'unknown'
      }
    },
  }
}
