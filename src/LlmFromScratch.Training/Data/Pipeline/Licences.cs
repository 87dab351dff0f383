namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>The licences that texts and code come under, by their SPDX identifiers (spdx.org/licenses, list 3.25).</summary>
public static class Licences
{
    /// <summary>How SPDX writes a licence that is not on its list, for example <c>LicenseRef-Public-Domain</c>.</summary>
    public const string OwnPrefix = "LicenseRef-";

    /// <summary>The identifiers that are known here.</summary>
    public static IReadOnlySet<string> Known { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "Unlicense", "Zlib",
        "CC0-1.0", "CC-PDDC", "PDDL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
        "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ODC-By-1.0", "ODbL-1.0", "GFDL-1.2-or-later", "GFDL-1.3-or-later",
        "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "LGPL-2.1-or-later", "LGPL-3.0-or-later", "AGPL-3.0-or-later",
        "OGL-UK-3.0", "etalab-2.0",
    };

    /// <summary>Whether a licence was stated and is known: on the list, or stated as one's own with <see cref="OwnPrefix"/> and a name.</summary>
    public static bool IsKnown(string? licence) =>
        licence is not null && (Known.Contains(licence) || (licence.StartsWith(OwnPrefix, StringComparison.Ordinal) && licence.Length > OwnPrefix.Length));
}
