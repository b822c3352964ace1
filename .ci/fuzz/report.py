"""`report.py TALLY CASES`: what was answered; fails when there were fewer cases than asked for, or an operation never succeeded."""

import json
import sys

# Operations that cannot succeed on a folder, which signs no URLs.
SIGNED = {
    "POST /api/presigned/initiate",
    "POST /api/presigned/complete",
    "POST /api/presigned/cancel/{id}/{upload_id}",
    "GET /api/presigned/upload-url/{id}",
    "GET /api/presigned/download-url/{id}",
    "POST /api/v1/sends/{id}/part-urls",
}


def main(path, wanted, storage):
    with open(path, encoding="utf-8") as file:
        answers = json.load(file)
    cannot = SIGNED if storage == "folder" else set()
    total, never = 0, []
    for label, statuses in sorted(answers.items()):
        total += sum(statuses.values())
        if not any(status.startswith(("2", "3")) for status in statuses):
            never.append(label)
        print(f"{label:60}", *(f"{status}:{count}" for status, count in sorted(statuses.items())))
    print(f"{total} cases, {len(answers) - len(never)} of {len(answers)} operations succeeded")
    if expected := sorted(cannot.intersection(never)):
        print("not without S3, which signs URLs:", *expected, sep="\n  ")
    if unexpected := sorted(set(never) - cannot):
        sys.exit(f"These never succeeded, so that nothing was shown of them: {unexpected}")
    if total < wanted:
        sys.exit(f"{total} cases are fewer than {wanted}: raise the examples in .ci/fuzz.sh")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
