# What is found by the box for codes.
found-batches = Batches
found-cords = Cords
found-donors = Donors
found-containers = Containers
found-samples = Samples
found-lots = Material lots
found-equipment = Equipment
found-deviations = Deviations
found-certificates = Certificates
found-documents = Documents
found-people = People
