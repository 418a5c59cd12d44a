# One half of a message that two QR symbols share is read as valid and says nothing of the other half.
. ./seen.sh
seen "zxing-cpp==3.1.1 segno==1.6.6 pillow==13.0.0" '
import io
import segno, zxingcpp
from PIL import Image
first = segno.make_sequence("BATCH B260017 IS REJECTED AND NOT RELEASED FOR ANY USE", symbol_count=2)[0]
picture = io.BytesIO()
first.save(picture, kind="png", scale=6, border=4)
picture.seek(0)
for found in zxingcpp.read_barcodes(Image.open(picture)):
    print(found.valid, found.error, sorted(found.extra), repr(found.text))
' "True None ['DataMask', 'ECLevel', 'UEC', 'Version'] 'BATCH B260017 IS REJECTED A'"
