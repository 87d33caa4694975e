import { PackageURL } from 'packageurl-js'

/** What is wrong with a package URL, in a sentence. Without a version: a project is not one release of it. */
export function faultOfPackageUrl(text: string): string | undefined {
  const read = readPackageUrl(text)
  if (read === undefined) return 'This is not a package URL, such as pkg:pypi/numpy.'
  if (read.version !== '') return 'A project has no version: leave the part behind the @ out.'
  return read.text === text ? undefined : `Write it as ${read.text}`
}

export type PackageName = {
  /** The one spelling of it, with version and qualifiers. */
  readonly text: string
  /** Without version, qualifiers and subpath. */
  readonly bare: string
  readonly type: string
  readonly namespace: string
  readonly name: string
  readonly version: string
}

/** Undefined for what is no package URL. */
export function readPackageUrl(text: string): PackageName | undefined {
  if (text.length > 500 || !/^pkg:/i.test(text)) return undefined
  try {
    const read = PackageURL.fromString(text)
    const { type, namespace, name, version } = read
    const bare = new PackageURL(type, namespace, name, undefined, undefined, undefined)
    return {
      text: read.toString(),
      bare: bare.toString(),
      type,
      namespace: namespace ?? '',
      name,
      version: version ?? '',
    }
  } catch {
    return undefined
  }
}
