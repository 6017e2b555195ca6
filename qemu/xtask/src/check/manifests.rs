//! Every member takes its lints from the workspace.

use super::workspace::Workspace;
use crate::failure::Result;
use crate::folders;

/// Every manifest that does not.
pub(super) fn complaints(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for member in &workspace.members {
        let text = folders::read(&member.manifest_path)?;
        if !takes_lints(&String::from_utf8_lossy(&text)) {
            complaints.push(format!("{} lacks `[lints] workspace = true`", member.manifest_path.display()));
        }
    }
    Ok(complaints)
}

fn takes_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    lines.find(|line| !line.is_empty()).is_some_and(|line| line.replace(' ', "") == "workspace=true")
}

#[cfg(test)]
mod tests {
    use super::takes_lints;

    #[test]
    fn the_table_and_its_line_are_both_needed() {
        assert!(takes_lints("[package]\nname = \"x\"\n\n[lints]\nworkspace = true\n"));
        assert!(!takes_lints("[package]\nname = \"x\"\n"));
        assert!(!takes_lints("[lints]\n[dependencies]\nworkspace = true\n"));
        assert!(!takes_lints("[lints]\nworkspace = false\n"));
    }
}
